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
 */
public record Policy(
        Target target,
        Criterion criterion,
        Ranking ranking,
        Limits limits,
        Evidence evidence,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RecoveryStep> recovery) {
    public Policy {
        Required.present("target", target);
        Required.present("criterion", criterion);
        ranking = ranking == null ? Ranking.UNIFORM : ranking;
        limits = limits == null ? Limits.DEFAULT : limits;
        evidence = evidence == null ? Evidence.DEFAULT : evidence;
        recovery = recovery == null
                ? List.of()
                : recovery.stream()
                        .map(step -> Required.present("recovery", step))
                        .distinct()
                        .sorted()
                        .toList();
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
     * What must be known before a plan is made.
     *
     * @param minSamples of every capture point of every group, 2 or more
     */
    public record Evidence(long minSamples) {
        public static final Evidence DEFAULT = new Evidence(1000);

        public Evidence {
            if (minSamples < 2) {
                throw new IllegalArgumentException("field 'evidence.min_samples' must be 2 or more, not " + minSamples);
            }
        }
    }
}
