package io.espalier.cli;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import java.util.List;
import picocli.CommandLine.Option;

/** What is cut, and how far. */
final class CutOptions {
    /** Widths that are no multiple of 8 can be slower than the next one that is. */
    private static final int WIDTHS_THAT_RUN_WELL = 8;

    @Option(
            names = "--target",
            converter = TargetConverter.class,
            paramLabel = "macs=SHARE|params=SHARE|latency=SHARE",
            description = "The share of the cost to keep at most, as macs=0.5; latency is measured on this machine.")
    private Policy.Target target;

    @Option(
            names = "--max-disagreement",
            paramLabel = "SHARE",
            description = "In place of a target: find the smallest model, by MACs, that gives another class than the "
                    + "original to this share of inputs at most, as 0.01; a quarter of --data is kept to measure that.")
    private Double maxDisagreement;

    @Option(
            names = "--criterion",
            converter = CriterionConverter.class,
            description = "expressiveness, l1, l2, bn_scale, hybrid:LAMBDA, fluctuation, apoz, saliency, "
                    + "elimination or random:SEED (default l2; elimination with --recover).")
    private Criterion criterion;

    @Option(
            names = "--ranking",
            description =
                    "How much of each group goes. uniform: the same share (default); global: the lowest units of the "
                            + "whole model; search: what costs least, found by cutting every group alone to several sizes on "
                            + "--data (default with --recover).")
    private Policy.Ranking ranking;

    @Option(names = "--search", description = "The same as --ranking search.")
    private boolean search;

    @Option(names = "--max-removed", defaultValue = "0.9", description = "Share of a group that may go (default 0.9).")
    private double maxRemoved;

    @Option(names = "--min-kept", defaultValue = "2", description = "Units a group keeps at least (default 2).")
    private int minKept;

    @Option(
            names = "--multiple-of",
            description =
                    "A cut group keeps a multiple of this (default 1; for latency 8 where that reaches the target).")
    private Integer multipleOf;

    /** How many goals are given; one is enough. */
    int goals() {
        if (maxDisagreement != null && !(maxDisagreement > 0 && maxDisagreement < 1)) {
            throw new IllegalArgumentException(
                    "--max-disagreement must be above 0 and below 1, not " + maxDisagreement);
        }
        return (target == null ? 0 : 1) + (maxDisagreement == null ? 0 : 1);
    }

    /** Whether the smallest model within a disagreement is searched for. */
    boolean measuresDisagreement() {
        return maxDisagreement != null;
    }

    /** Whether plans are made by the inputs themselves, and not by scores taken of them, though nothing is recovered. */
    boolean needsSamples() {
        return measuresDisagreement()
                || ranking(false) == Policy.Ranking.SEARCH
                || criterion(false).needsArchive();
    }

    double maxDisagreement() {
        return maxDisagreement;
    }

    boolean isTimed() {
        return target != null && target.metric() == Policy.Metric.LATENCY;
    }

    /** {@code recovers}: whether the cut is recovered, for which other choices are the best known. */
    Criterion criterion(boolean recovers) {
        return criterion != null ? criterion : Criterion.parse(recovers ? "elimination" : "l2");
    }

    /** For the target, in order of preference; they differ in their limits only. */
    List<Policy> policies(boolean recovers) {
        if (isTimed() && multipleOf == null) {
            return List.of(policy(target, WIDTHS_THAT_RUN_WELL, recovers), policy(target, 1, recovers));
        }
        return List.of(policy(target, recovers));
    }

    Policy policy(Policy.Target target, boolean recovers) {
        return policy(target, multipleOf == null ? 1 : multipleOf, recovers);
    }

    private Policy policy(Policy.Target target, int multiple, boolean recovers) {
        return new Policy(
                target,
                criterion(recovers),
                ranking(recovers),
                new Policy.Limits(maxRemoved, minKept, multiple),
                Policy.Evidence.ofSamples(2));
    }

    private Policy.Ranking ranking(boolean recovers) {
        if (search) {
            return Policy.Ranking.SEARCH;
        }
        return ranking != null ? ranking : recovers ? Policy.Ranking.SEARCH : Policy.Ranking.UNIFORM;
    }
}
