package io.espalier.planner;

import io.espalier.planner.criterion.Criteria;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Models that are a chain of layers, each a group of its own, named g0, g1, ..., the last feeding a head of ten outputs. */
final class Chain {
    /** The width of a layer and the blocks of its group, 1 for none: the groups of the convolution that reads it. */
    record Layer(int units, int blocks) {}

    private Chain() {}

    static ModelDescriptor of(int... widths) {
        return of(IntStream.of(widths).mapToObj(units -> new Layer(units, 1)).toList());
    }

    static ModelDescriptor of(List<Layer> layers) {
        List<ModelDescriptor.Group> groups = IntStream.range(0, layers.size())
                .mapToObj(index -> group(index, layers.get(index)))
                .toList();
        List<ModelDescriptor.CapturePoint> points = groups.stream()
                .map(group ->
                        new ModelDescriptor.CapturePoint(group.capturePoints().get(0), group.id(), group.units(), 4))
                .toList();
        List<CostTerm> terms = IntStream.rangeClosed(0, layers.size())
                .mapToObj(index -> new CostTerm(
                        "layer" + index,
                        9L * (index + 1),
                        List.of(
                                index == 0
                                        ? fixed(3)
                                        : extent(
                                                index - 1, layers.get(index - 1).blocks()),
                                index == layers.size() ? fixed(10) : extent(index, 1))))
                .toList();
        return model(groups, points, terms);
    }

    static ModelDescriptor model(
            List<ModelDescriptor.Group> groups, List<ModelDescriptor.CapturePoint> points, List<CostTerm> terms) {
        Map<String, Integer> all = new HashMap<>();
        groups.forEach(group -> all.put(group.id(), group.units()));
        long cost = CostTerm.total(terms, all);
        return new ModelDescriptor(
                "m",
                "1",
                new ModelDescriptor.Artifact("file:///m.pt", "0".repeat(64)),
                List.of(),
                cost,
                cost,
                List.of(),
                groups,
                points,
                terms,
                terms,
                List.of());
    }

    /** Of a capture point of which nothing but the score is known. */
    static PointStatistics scored(long samples, double[] expressiveness) {
        return new PointStatistics(
                samples,
                Optional.of(expressiveness),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** All statistics of every capture point, the scores in [0, 0.5), the same for the same seed. */
    static Map<String, PointStatistics> scores(ModelDescriptor model, long samples, long seed) {
        Random random = new Random(seed);
        Map<String, PointStatistics> scores = new LinkedHashMap<>();
        model.capturePoints()
                .forEach(point -> scores.put(
                        point.name(),
                        new PointStatistics(
                                samples,
                                Optional.of(random.doubles(point.units())
                                        .map(value -> value / 2)
                                        .toArray()),
                                Optional.of(random.doubles(point.units()).toArray()),
                                Optional.of(random.doubles(point.units()).toArray()),
                                Optional.of(random.doubles(point.units()).toArray()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())));
        return scores;
    }

    /** As the planner makes it. */
    static Ranking ranking(ModelDescriptor model, Map<String, PointStatistics> scores, Policy policy) {
        boolean global = policy.ranking() == Policy.Ranking.GLOBAL;
        List<double[]> values = Criteria.of(policy.criterion(), global).score(model.groups(), scores);
        return Ranking.of(model.groups(), values, policy.ranking());
    }

    /** Units of every group that a plan leaves. */
    static Map<String, Integer> kept(ModelDescriptor model, Recommendation plan) {
        Map<String, Integer> kept = new HashMap<>();
        model.groups()
                .forEach(group -> kept.put(
                        group.id(),
                        group.units()
                                - plan.remove()
                                        .getOrDefault(group.id(), List.of())
                                        .size()));
        return kept;
    }

    private static ModelDescriptor.Group group(int index, Layer layer) {
        return new ModelDescriptor.Group(
                "g" + index,
                layer.units(),
                List.of(new ModelDescriptor.Member("layer" + index + ".weight", 0)),
                List.of("relu" + index),
                Map.of(
                        "l1", importance(index, layer.units()),
                        "l2", importance(index + 50, layer.units()),
                        "bn_scale", importance(index + 100, layer.units()),
                        "consumer_l2", importance(index + 150, layer.units())),
                layer.blocks() == 1 ? List.of() : scattered(layer),
                List.of());
    }

    /** Blocks whose units are not adjacent, as those of a shuffled or a transposed map. */
    private static List<List<Integer>> scattered(Layer layer) {
        List<Integer> units =
                new ArrayList<>(IntStream.range(0, layer.units()).boxed().toList());
        Collections.shuffle(units, new Random(layer.units()));
        int size = layer.units() / layer.blocks();
        return IntStream.range(0, layer.blocks())
                .mapToObj(block -> units.subList(block * size, (block + 1) * size).stream()
                        .sorted()
                        .toList())
                .toList();
    }

    private static CostTerm.Extent fixed(int size) {
        return new CostTerm.Extent(size, Map.of(), 1);
    }

    private static CostTerm.Extent extent(int group, int divisor) {
        return new CostTerm.Extent(0, Map.of("g" + group, 1), divisor);
    }

    private static float[] importance(int seed, int units) {
        Random random = new Random(seed);
        float[] values = new float[units];
        IntStream.range(0, units).forEach(unit -> values[unit] = random.nextFloat());
        return values;
    }
}
