package io.espalier.surgery;

import io.espalier.surgery.graph.ElementType;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the model's operators tell of an input.
 *
 * @param type the element type that the first layers take it in; empty when they take several, or something other than a
 *     view or a table reads it before them
 * @param limit rows of the smallest table that is looked up by its values, which must be 0 to less than that; empty when
 *     none is
 */
public record ModelInput(String name, Optional<ElementType> type, OptionalLong limit) {}
