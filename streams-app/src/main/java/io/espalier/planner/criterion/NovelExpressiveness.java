package io.espalier.planner.criterion;

import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Expressiveness times how little of it a better unit has already: of each set of duplicates the most expressive unit counts
 * in full and the others by their distance to it, so that they go first and it goes last. Without duplicates this is {@link
 * MeanExpressiveness}, on whose scale it is.
 */
final class NovelExpressiveness implements UnitCriterion {
    private static final Missing CODES = new Missing(
            "a comparison of units",
            "let the sidecars send 16 samples or more, or use expressiveness where records are of an older version");

    private final MeanExpressiveness expressiveness = new MeanExpressiveness();

    @Override
    public Optional<Missing> lacks(Group group) {
        return expressiveness.lacks(group);
    }

    @Override
    public Optional<Missing> lacks(PointStatistics point) {
        return expressiveness
                .lacks(point)
                .or(() -> point.redundancy().isEmpty() ? Optional.of(CODES) : Optional.empty());
    }

    @Override
    public List<double[]> score(List<Group> groups, Map<String, PointStatistics> points) {
        List<double[]> values = expressiveness.score(groups, points);
        return novel(groups, points, values, values);
    }

    @Override
    public List<double[]> end(List<Group> groups, Map<String, PointStatistics> points, End end) {
        return novel(groups, points, expressiveness.score(groups, points), expressiveness.end(groups, points, end));
    }

    private static List<double[]> novel(
            List<Group> groups, Map<String, PointStatistics> points, List<double[]> scores, List<double[]> values) {
        return IntStream.range(0, groups.size())
                .mapToObj(group -> {
                    double[] novelty =
                            DuplicateSets.of(groups.get(group), points).novelty(scores.get(group));
                    double[] value = values.get(group).clone();
                    Arrays.setAll(value, unit -> value[unit] * novelty[unit]);
                    return value;
                })
                .toList();
    }
}
