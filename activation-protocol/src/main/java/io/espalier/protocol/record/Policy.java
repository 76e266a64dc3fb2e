package io.espalier.protocol.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;

/**
 * What may be removed from a model, by which criterion, and on which evidence, and how what is left is recovered; read from
 * {@link io.espalier.protocol.Topics#policies}.
 *
 * @param criterion see {@link Criterion#parse}
 * @param recovery what is done to the cut model with sampled inputs, in the steps' own order, each once; empty, and absent in
 *     JSON, for none
 * @param coolDownMs how long a recommendation stands before new scores alone may replace it, 0 or more; missing for what the
 *     service is set to
 * @param dryRun whether a recommendation is all that comes of it: no version is made. So unless it says otherwise
 * @param thresholds from which saving on something is said or done
 */
public record Policy(
        Target target,
        Criterion criterion,
        Ranking ranking,
        Limits limits,
        Evidence evidence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RecoveryStep> recovery,
        Long coolDownMs,
        Boolean dryRun,
        Thresholds thresholds) {
    public Policy {
        Required.present("target", target);
        Required.present("criterion", criterion);
        ranking = ranking == null ? Ranking.UNIFORM : ranking;
        limits = limits == null ? Limits.DEFAULT : limits;
        evidence = evidence == null ? Evidence.DEFAULT : evidence;
        dryRun = dryRun == null || dryRun;
        thresholds = thresholds == null ? Thresholds.DEFAULT : thresholds;
        if (coolDownMs != null && coolDownMs < 0) {
            throw new IllegalArgumentException("field 'cool_down_ms' must be 0 or more, not " + coolDownMs);
        }
        recovery = recovery == null
                ? List.of()
                : recovery.stream()
                        .map(step -> Required.present("recovery", step))
                        .distinct()
                        .sorted()
                        .toList();
    }

    /** What is to be removed, and how it is recovered; all else as it is unless said. */
    public Policy(
            Target target,
            Criterion criterion,
            Ranking ranking,
            Limits limits,
            Evidence evidence,
            List<RecoveryStep> recovery) {
        this(target, criterion, ranking, limits, evidence, recovery, null, null, null);
    }

    /** A policy that recovers nothing. */
    public Policy(Target target, Criterion criterion, Ranking ranking, Limits limits, Evidence evidence) {
        this(target, criterion, ranking, limits, evidence, List.of());
    }

    public static Policy of(Target target, Criterion criterion) {
        return new Policy(target, criterion, null, null, null);
    }

    /** How units of different groups are compared. */
    public enum Ranking {
        /** Every group loses the same share of its units. */
        UNIFORM,
        /** The lowest units of the whole model go first, whichever group they belong to. */
        GLOBAL,
        /**
         * Every group is cut alone to several sizes on sampled inputs, and the sizes whose damages add up to least are taken.
         * That needs the archive: until whoever has it has searched, all groups shrink alike.
         */
        SEARCH
    }

    /** What a cost is counted in. */
    public enum Metric {
        MACS,
        PARAMS,
        /** Time of one forward call, as measured where the plan is made; the services measure none and refuse it. */
        LATENCY
    }

    /**
     * The cost to come down to.
     *
     * @param keep the share of the cost to keep at most, above 0 and at most 1
     */
    public record Target(Metric metric, double keep) {
        public Target {
            Required.present("target.metric", metric);
            if (!(keep > 0 && keep <= 1)) {
                throw new IllegalArgumentException("field 'target.keep' must be above 0 and at most 1, not " + keep);
            }
        }

        /**
         * Reads {@code macs=0.5}, {@code params=0.4} or {@code latency=0.6}.
         *
         * @throws IllegalArgumentException with one line that says how a target is written
         */
        public static Target parse(String text) {
            String[] parts = text.split("=", 2);
            try {
                return new Target(
                        Metric.valueOf(parts[0].toUpperCase(Locale.ROOT)), Double.parseDouble(parts[parts.length - 1]));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "target '" + text
                                + "' is not known: use macs=SHARE, params=SHARE or latency=SHARE, SHARE above 0 and at most 1",
                        e);
            }
        }

        /** What {@link #parse} reads. */
        @Override
        public String toString() {
            return metric.name().toLowerCase(Locale.ROOT) + "=" + keep;
        }
    }

    /**
     * What no plan may pass.
     *
     * @param maxRemoved share of a group's units that may go, 0 to 1
     * @param minKept units a group keeps at least, 1 or more
     * @param multipleOf a cut group keeps a multiple of this many units, and one multiple at least; 1 or more
     */
    public record Limits(double maxRemoved, int minKept, int multipleOf) {
        public static final Limits DEFAULT = new Limits(0.9, 2, 1);

        public Limits {
            Required.share("limits.max_removed", maxRemoved);
            Required.atLeastOne("field 'limits.min_kept'", minKept);
            Required.atLeastOne("field 'limits.multiple_of'", multipleOf);
        }
    }

    /**
     * What must be known before a plan is made. Samples alone say little: units whose scores lie far apart are told from each
     * other by few, so what is asked is how surely the units that go are the lowest.
     *
     * @param minSamples of every capture point of every group, 2 or more
     * @param confidence at which a unit's value must lie on its side of the cut, above 0 and below 1
     * @param maxUndecided share of all units that may be on either side, 0 to 1; with 1 nothing but samples is asked for
     */
    public record Evidence(long minSamples, Double confidence, Double maxUndecided) {
        public static final Evidence DEFAULT = new Evidence(256, null, null);

        private static final double CONFIDENCE = 0.95;
        private static final double MAX_UNDECIDED = 0.1;

        public Evidence {
            confidence = confidence == null ? CONFIDENCE : confidence;
            maxUndecided = maxUndecided == null ? MAX_UNDECIDED : maxUndecided;
            if (minSamples < 2) {
                throw new IllegalArgumentException("field 'evidence.min_samples' must be 2 or more, not " + minSamples);
            }
            if (!(confidence > 0 && confidence < 1)) {
                throw new IllegalArgumentException(
                        "field 'evidence.confidence' must be above 0 and below 1, not " + confidence);
            }
            Required.share("evidence.max_undecided", maxUndecided);
        }

        /** So many samples are enough, whatever they say. */
        public static Evidence ofSamples(long minSamples) {
            return new Evidence(minSamples, null, 1.0);
        }
    }

    /**
     * Savings in the target's metric, as shares of the whole model's.
     *
     * @param alert from which an outstanding plan is alerted on, 0 to 1
     * @param act from which a plan is recommended, 0 to 1
     */
    public record Thresholds(double alert, double act) {
        public static final Thresholds DEFAULT = new Thresholds(0.1, 0);

        public Thresholds {
            Required.share("thresholds.alert", alert);
            Required.share("thresholds.act", act);
        }
    }
}
