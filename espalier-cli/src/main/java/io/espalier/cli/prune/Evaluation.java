package io.espalier.cli.prune;

/**
 * How well models do on inputs that nothing was fitted to.
 *
 * @param accuracyBefore of the original; null without labels
 * @param cut before recovery
 * @param after what was written; null when nothing was recovered
 */
public record Evaluation(int inputs, Double accuracyBefore, Evaluator.Result cut, Evaluator.Result after) {}
