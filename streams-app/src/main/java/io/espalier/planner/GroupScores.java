package io.espalier.planner;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** One value per unit and group for each criterion; the lower, the sooner a unit goes. */
final class GroupScores {
    private final Map<String, PointScore> scores;
    private final boolean global;

    /** {@code global}: values of different groups are going to be compared with each other. */
    GroupScores(Map<String, PointScore> scores, boolean global) {
        this.scores = scores;
        this.global = global;
    }

    List<double[]> of(List<Group> groups, Criterion criterion) {
        return switch (criterion.kind()) {
            case EXPRESSIVENESS -> groups.stream().map(this::expressiveness).toList();
            case L1, L2 -> importance(groups, criterion.toString());
            case HYBRID -> hybrid(groups, criterion.parameter());
            case RANDOM ->
                groups.stream()
                        .map(group -> random(group, (long) criterion.parameter()))
                        .toList();
        };
    }

    /** Mean over the group's capture points. */
    private double[] expressiveness(Group group) {
        double[] mean = new double[group.units()];
        for (String point : group.capturePoints()) {
            double[] score = scores.get(point).expressiveness();
            Arrays.setAll(
                    mean,
                    unit -> mean[unit] + score[unit] / group.capturePoints().size());
        }
        return mean;
    }

    /**
     * Norms grow with the size of a filter: where groups are compared, each is divided by its group's mean, as
     * Torch-Pruning does by default.
     */
    private List<double[]> importance(List<Group> groups, String name) {
        return groups.stream()
                .map(group -> {
                    float[] values = group.importance().get(name);
                    if (values == null) {
                        throw new IllegalArgumentException("group " + group.id() + " has no importance '" + name + "'");
                    }
                    double mean = IntStream.range(0, values.length)
                            .mapToDouble(unit -> values[unit])
                            .average()
                            .orElse(1);
                    double divisor = global && mean > 0 ? mean : 1;
                    return IntStream.range(0, values.length)
                            .mapToDouble(unit -> values[unit] / divisor)
                            .toArray();
                })
                .toList();
    }

    private List<double[]> hybrid(List<Group> groups, double lambda) {
        List<double[]> expressive = ranks(of(groups, Criterion.parse("expressiveness")));
        List<double[]> important = ranks(of(groups, Criterion.parse("l2")));
        return IntStream.range(0, groups.size())
                .mapToObj(group -> IntStream.range(0, groups.get(group).units())
                        .mapToDouble(unit -> (1 - lambda) * expressive.get(group)[unit]
                                + lambda * important.get(group)[unit])
                        .toArray())
                .toList();
    }

    /** Ranks normalised to [0, 1], equal values sharing their mean rank: over all groups, or within each. */
    private List<double[]> ranks(List<double[]> values) {
        if (!global) {
            return values.stream().map(GroupScores::ranks).toList();
        }
        double[] together =
                ranks(values.stream().flatMapToDouble(Arrays::stream).toArray());
        List<double[]> ranks = new ArrayList<>();
        int start = 0;
        for (double[] group : values) {
            ranks.add(Arrays.copyOfRange(together, start, start + group.length));
            start += group.length;
        }
        return ranks;
    }

    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(unit -> values[unit]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        for (int first = 0, last; first < order.length; first = last + 1) {
            last = first;
            while (last + 1 < order.length && values[order[last + 1]] == values[order[first]]) {
                last++;
            }
            double rank = values.length == 1 ? 0 : (first + last) / 2.0 / (values.length - 1);
            for (int i = first; i <= last; i++) {
                ranks[order[i]] = rank;
            }
        }
        return ranks;
    }

    /** Depends on the seed and the group's name, not on which other groups there are. */
    private static double[] random(Group group, long seed) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + group.id().hashCode())
                .doubles(group.units())
                .toArray();
    }
}
