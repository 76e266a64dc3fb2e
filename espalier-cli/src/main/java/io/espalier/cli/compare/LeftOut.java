package io.espalier.cli.compare;

/**
 * A cut that was asked for and cannot be made.
 *
 * @param reason one line, as the planner says it
 */
public record LeftOut(ComparedCriterion criterion, double target, String reason) {}
