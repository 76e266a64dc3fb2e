package io.espalier.surgery.refit;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;

/**
 * What is added to a layer's output behind it. When the addend comes out differently in a smaller network, the layer can
 * make up for that.
 *
 * @param add where it is added
 * @param addend of the same shape as the layer's output
 */
public record Shortcut(Operator add, Value addend) {}
