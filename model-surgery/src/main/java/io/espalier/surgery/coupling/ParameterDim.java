package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Parameter;

/** One dimension of a stored tensor. */
public record ParameterDim(Parameter parameter, int dim) {}
