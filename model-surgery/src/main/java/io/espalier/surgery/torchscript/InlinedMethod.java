package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Graph;
import java.util.List;

/**
 * The method {@code forward} of the top module with all calls inlined.
 *
 * @param type the top module's class
 * @param sites places of the literals by site number
 */
record InlinedMethod(Graph graph, ClassDefinition type, MethodDefinition method, List<LiteralSite> sites) {}
