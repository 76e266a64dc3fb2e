package io.espalier.planner;

import io.espalier.planner.criterion.PointStatistics;
import io.espalier.planner.criterion.UnitCriterion;
import io.espalier.planner.criterion.UnitCriterion.Missing;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which capture points have been seen often enough, and whether what is known of them is what a criterion asks for.
 *
 * @param samples per capture point, 0 where they are of no use
 * @param needed how many the policy asks for, 0 when its criterion looks at none
 */
record Evidence(Map<String, Long> samples, long needed) {
    static Evidence of(ModelDescriptor descriptor, Map<String, PointStatistics> known, Policy policy) {
        Map<String, Long> samples = new TreeMap<>();
        for (CapturePoint point : descriptor.capturePoints()) {
            PointStatistics statistics = known.get(point.name());
            boolean usable = statistics != null
                    && statistics
                            .expressiveness()
                            .filter(score -> score.length == point.units())
                            .isPresent();
            samples.put(point.name(), usable ? statistics.samples() : 0);
        }
        return new Evidence(
                samples, policy.criterion().needsScores() ? policy.evidence().minSamples() : 0);
    }

    boolean isComplete() {
        return lacking() == 0;
    }

    private long lacking() {
        return samples.values().stream().filter(seen -> seen < needed).count();
    }

    String missing() {
        long fewest = samples.values().stream().mapToLong(Long::longValue).min().orElse(0);
        return lacking() + " of " + samples.size() + " capture points have fewer than the " + needed
                + " samples the policy asks for; the fewest is " + fewest;
    }

    /** One line on the statistics that the criterion asks for and that are not known of the groups' capture points. */
    Optional<String> unknown(
            List<Group> groups, Map<String, PointStatistics> known, UnitCriterion criterion, Criterion named) {
        if (!named.needsScores()) {
            return Optional.empty();
        }
        Map<String, Missing> missing = new TreeMap<>();
        for (Group group : groups) {
            for (String point : group.capturePoints()) {
                criterion.lacks(known.get(point)).ifPresent(what -> missing.put(point, what));
            }
        }
        return missing.entrySet().stream()
                .findFirst()
                .map(first -> missing.size() + " of " + samples.size() + " capture points, " + first.getKey()
                        + (missing.size() > 1 ? " the first, lack " : ", lack ")
                        + first.getValue().what() + ", which " + named + " looks at: "
                        + first.getValue().mend());
    }

    Readiness readiness(ModelDescriptor descriptor, boolean ready, String reason) {
        return readiness(descriptor, ready, reason, Optional.empty());
    }

    /** {@code certainty}: of the cut, where there is one. */
    Readiness readiness(ModelDescriptor descriptor, boolean ready, String reason, Optional<CutCertainty> certainty) {
        return new Readiness(
                descriptor.model(),
                descriptor.version(),
                ready,
                reason,
                descriptor.capturePoints().stream()
                        .sorted(Comparator.comparing(CapturePoint::name))
                        .map(point -> point(point, certainty))
                        .toList());
    }

    private Readiness.Point point(CapturePoint point, Optional<CutCertainty> certainty) {
        long seen = samples.get(point.name());
        if (seen < needed) {
            String lacks = "fewer than the " + needed + " samples that the policy asks for";
            return new Readiness.Point(point.name(), seen, needed, null, lacks);
        }
        double times = certainty.map(cut -> cut.timesNeeded(point.group())).orElse(0.0);
        long enough = Math.max(needed, (long) Math.ceil(seen * times));
        if (enough > seen) {
            // Without their number: it moves with every sample, and a metric has this line as a label.
            String lacks = "units of group " + point.group() + " may be on either side of the cut";
            return new Readiness.Point(point.name(), seen, enough, null, lacks);
        }
        return new Readiness.Point(point.name(), seen, enough, null, null);
    }
}
