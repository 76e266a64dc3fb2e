package io.espalier.planner.drift;

import io.espalier.planner.criterion.Criteria;
import io.espalier.planner.criterion.End;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.planner.criterion.UnitCriterion;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Regret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Finds removed units that came back: in the parent, which still has them, their value lies over the line they were cut at.
 *
 * <p>How far over it must lie follows from the run length, as for {@link DriftDetector}: the lower end of the 95 % interval
 * is moved away from the value by as much as the quantile of so many looks is wider than that of 95 %. A unit that was found
 * is back until its value itself is below the line again.
 */
public final class RegretDetector {
    private static final double QUANTILE_95 = 1.959964;

    private final double looks;

    /** {@code pane}: time between two looks. */
    public RegretDetector(DriftSettings settings, Duration pane) {
        this.looks = Math.max(1, (double) settings.runLength().toMillis() / pane.toMillis());
    }

    /**
     * The units that are back.
     *
     * @param parent that they are seen in
     * @param points of the parent, as they are now
     * @param removed per group, the units that the version lacks
     * @param before units that were found before
     * @return per group that has some; of groups whose values are not known now, what was found before
     */
    public Map<String, Regret.Units> find(
            ModelDescriptor parent,
            Map<String, PointStatistics> points,
            Cut cut,
            Map<String, List<Integer>> removed,
            Map<String, Regret.Units> before) {
        UnitCriterion criterion = Criteria.of(cut.criterion(), cut.global());
        List<Group> groups = parent.groups().stream()
                .filter(group -> isKnown(group, points, criterion))
                .toList();
        List<double[]> values = criterion.score(groups, points);
        List<double[]> lower = criterion.end(groups, points, End.LOWER);
        Map<String, Regret.Units> found = new TreeMap<>();
        before.forEach((group, units) -> {
            if (groups.stream().noneMatch(known -> known.id().equals(group))) {
                found.put(group, units);
            }
        });
        double wider = quantile(removed) / QUANTILE_95;
        for (int number = 0; number < groups.size(); number++) {
            Group group = groups.get(number);
            if (!cut.lines().containsKey(group.id()) || !removed.containsKey(group.id())) {
                continue;
            }
            double line = cut.lines().get(group.id());
            Set<Integer> known = before.containsKey(group.id())
                    ? Set.copyOf(before.get(group.id()).back())
                    : Set.of();
            List<Integer> back = new ArrayList<>();
            for (int unit : removed.get(group.id())) {
                double value = values.get(number)[unit];
                double sure = value - wider * (value - lower.get(number)[unit]);
                if (sure > line || (known.contains(unit) && value > line)) {
                    back.add(unit);
                }
            }
            if (!back.isEmpty()) {
                found.put(
                        group.id(),
                        new Regret.Units(line, removed.get(group.id()).size(), back));
            }
        }
        return found;
    }

    private double quantile(Map<String, List<Integer>> removed) {
        int units = Math.max(1, removed.values().stream().mapToInt(List::size).sum());
        return NormalDistribution.of(0, 1).inverseSurvivalProbability(1 / (looks * units));
    }

    private static boolean isKnown(Group group, Map<String, PointStatistics> points, UnitCriterion criterion) {
        return criterion.lacks(group).isEmpty()
                && group.capturePoints().stream()
                        .allMatch(point -> points.containsKey(point)
                                && criterion.lacks(points.get(point)).isEmpty());
    }
}
