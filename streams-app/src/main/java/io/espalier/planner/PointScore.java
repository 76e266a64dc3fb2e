package io.espalier.planner;

/**
 * What is known of a capture point.
 *
 * @param samples in the window; the smallest number over its shards
 * @param expressiveness per unit, in [0, 1]; may be empty below two samples
 */
public record PointScore(long samples, double[] expressiveness) {}
