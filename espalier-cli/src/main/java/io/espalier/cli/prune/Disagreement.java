package io.espalier.cli.prune;

/**
 * How often a cut, recovered, gives another class than the original.
 *
 * @param allowed share of inputs
 * @param measured share of inputs, before distilling
 * @param inputs how many it was measured on; nothing was fitted to them
 */
public record Disagreement(double allowed, double measured, int inputs) {}
