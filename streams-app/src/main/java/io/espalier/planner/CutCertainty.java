package io.espalier.planner;

import io.espalier.planner.criterion.End;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.planner.criterion.UnitCriterion;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How surely the units that a plan removes are the lowest of their groups.
 *
 * <p>Between the highest that goes and the lowest that stays lies the cut. A unit is decided when the interval of its value,
 * at the policy's confidence, does not reach over the cut; a unit of which it does may go or stay by chance. Intervals
 * shrink with the square root of the samples, so that a unit whose interval reaches h to the cut, from a distance d, is
 * decided by (h / d)^2 times as many: that says how many more samples are expected to be needed.
 *
 * @param groups per group, what its units say
 * @param allowed how many of them the policy allows, in all groups together
 * @param units of the groups that are ranked
 * @param confidence that the policy asks for
 */
record CutCertainty(Map<String, Doubt> groups, int allowed, int units, double confidence) {
    /** Of the range of a group's values: units this near to the cut do as well on either side, however many samples say so. */
    private static final double INDIFFERENT = 0.02;

    /**
     * The doubt about a group.
     *
     * @param units whose side is not decided
     * @param times how many times as many samples decide as many of all units as have to be; at most 1 once they are
     */
    record Doubt(int units, double times) {}

    private record Unit(String group, double times) {}

    /** {@code removed}: per group, the units that go; groups that lose none are left out. */
    static CutCertainty of(
            List<Group> groups,
            Map<String, PointStatistics> points,
            UnitCriterion criterion,
            Map<String, List<Integer>> removed,
            Policy.Evidence evidence) {
        List<double[]> values = criterion.score(groups, points);
        List<double[]> lower = criterion.end(groups, points, End.LOWER);
        List<double[]> upper = criterion.end(groups, points, End.UPPER);
        double wider = quantile(evidence.confidence()) / quantile(0.95);
        List<Unit> judged = new ArrayList<>();
        int units = 0;
        for (int group = 0; group < groups.size(); group++) {
            Group of = groups.get(group);
            units += of.units();
            Set<Integer> gone = new HashSet<>(removed.getOrDefault(of.id(), List.of()));
            for (List<Integer> block : Ranking.blocks(of)) {
                judge(of, block, gone, values.get(group), lower.get(group), upper.get(group), wider, judged);
            }
        }
        int allowed = (int) (evidence.maxUndecided() * units);
        return new CutCertainty(perGroup(judged, allowed), allowed, units, evidence.confidence());
    }

    boolean isDecided() {
        return undecided() <= allowed;
    }

    /**
     * How many times the samples that a group's capture points have are expected to be needed: above 1 where there are too
     * few, below it where fewer would do.
     */
    double timesNeeded(String group) {
        Doubt doubt = groups.get(group);
        return doubt == null ? 0 : doubt.times();
    }

    String missing() {
        return String.format(
                Locale.ROOT,
                "the cut is not decided: %d of %d units may be on either side of it at a confidence of %s, and the policy"
                        + " allows %d",
                undecided(),
                units,
                confidence,
                allowed);
    }

    private int undecided() {
        return groups.values().stream().mapToInt(Doubt::units).sum();
    }

    private static void judge(
            Group group,
            List<Integer> block,
            Set<Integer> gone,
            double[] values,
            double[] lower,
            double[] upper,
            double wider,
            List<Unit> judged) {
        double highest = max(block, gone, true, values);
        double lowest = -max(block, gone, false, negated(values));
        if (Double.isInfinite(highest) || Double.isInfinite(lowest)) {
            return;
        }
        double cut = (highest + lowest) / 2;
        double indifferent = INDIFFERENT * range(block, values);
        for (int unit : block) {
            boolean goes = gone.contains(unit);
            double distance = (goes ? cut - values[unit] : values[unit] - cut) + indifferent;
            double reach = wider * (goes ? upper[unit] - values[unit] : values[unit] - lower[unit]);
            // Where all values are equal, nothing is to be told.
            double times = distance > 0 ? reach / distance : 0;
            judged.add(new Unit(group.id(), times * times));
        }
    }

    /** The easiest to decide are decided first, until no more are in doubt than are allowed. */
    private static Map<String, Doubt> perGroup(List<Unit> judged, int allowed) {
        judged.sort(Comparator.comparingDouble(Unit::times).reversed());
        double enough = judged.size() > allowed ? judged.get(allowed).times() : 0;
        Map<String, Doubt> groups = new TreeMap<>();
        for (Unit unit : judged) {
            groups.merge(
                    unit.group(),
                    new Doubt(unit.times() > 1 ? 1 : 0, Math.min(enough, unit.times())),
                    (one, other) -> new Doubt(one.units() + other.units(), Math.max(one.times(), other.times())));
        }
        return groups;
    }

    private static double quantile(double confidence) {
        return NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
    }

    private static double max(List<Integer> block, Set<Integer> gone, boolean going, double[] values) {
        return block.stream()
                .filter(unit -> gone.contains(unit) == going)
                .mapToDouble(unit -> values[unit])
                .max()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    private static double[] negated(double[] values) {
        return Arrays.stream(values).map(value -> -value).toArray();
    }

    private static double range(List<Integer> block, double[] values) {
        double high = block.stream().mapToDouble(unit -> values[unit]).max().orElse(0);
        double low = block.stream().mapToDouble(unit -> values[unit]).min().orElse(0);
        return high - low;
    }
}
