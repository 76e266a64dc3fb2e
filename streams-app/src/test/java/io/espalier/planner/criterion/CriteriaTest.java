package io.espalier.planner.criterion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness.Duplicate;
import io.espalier.protocol.record.Expressiveness.Redundancy;
import io.espalier.protocol.record.ModelDescriptor.Group;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values worked out by hand, for two groups, of which the second is seen at two capture points. */
final class CriteriaTest {
    private static final Group FIRST = group(
            "a",
            4,
            List.of("relu1"),
            Map.of(
                    "l1", new float[] {4, 8, 12, 16},
                    "l2", new float[] {1, 2, 3, 2},
                    "bn_scale", new float[] {0.5f, 1.5f, 1, 1},
                    "consumer_l2", new float[] {1, 2, 1, 2}));
    private static final Group SECOND = group(
            "b",
            2,
            List.of("relu2", "relu3"),
            Map.of(
                    "l1", new float[] {300, 100},
                    "l2", new float[] {30, 10},
                    "bn_scale", new float[] {2, 6},
                    "consumer_l2", new float[] {10, 10}));
    private static final List<Group> GROUPS = List.of(FIRST, SECOND);
    private static final Map<String, PointStatistics> POINTS = Map.of(
            "relu1",
            point(
                    new double[] {0.1, 0.4, 0.3, 0.2},
                    new double[] {8, 1, 2, 0},
                    new double[] {0.5, 0, 1, 0.25},
                    new double[] {4, 0.5, 0, 0}),
            "relu2",
            point(new double[] {0.0, 0.5}, new double[] {1, 3}, new double[] {0.2, 0.8}, new double[] {1, 0}),
            "relu3",
            point(new double[] {0.5, 0.25}, new double[] {3, 1}, new double[] {0.4, 0.4}, new double[] {2, 1}));

    private static Group group(String id, int units, List<String> points, Map<String, float[]> importance) {
        return new Group(id, units, List.of(), points, importance, List.of(), List.of());
    }

    private static PointStatistics point(double[] score, double[] variance, double[] zeros, double[] residual) {
        return new PointStatistics(
                100,
                Optional.of(score),
                Optional.of(variance),
                Optional.of(zeros),
                Optional.of(residual),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Redundancy(100, List.of())));
    }

    private static List<double[]> scores(String criterion, boolean global) {
        return Criteria.of(Criterion.parse(criterion), global).score(GROUPS, POINTS);
    }

    private static void assertScores(String criterion, double[] first, double[] second) {
        for (boolean global : new boolean[] {true, false}) {
            List<double[]> found = scores(criterion, global);
            assertThat(found.get(0)).containsExactly(first, within(1e-9));
            assertThat(found.get(1)).containsExactly(second, within(1e-9));
        }
    }

    @Test
    void expressivenessIsTheMeanOverTheGroupsCapturePoints() {
        assertScores("expressiveness", new double[] {0.1, 0.4, 0.3, 0.2}, new double[] {0.25, 0.375});
    }

    @Test
    void withoutDuplicatesRedundancyChangesNothing() {
        assertScores("expressiveness+redundancy", new double[] {0.1, 0.4, 0.3, 0.2}, new double[] {0.25, 0.375});
    }

    @Test
    void ofASetTheBestCountsInFullAndTheOthersByTheirDistanceToIt() {
        Map<String, PointStatistics> points = Map.of(
                "p",
                alike(
                        new double[] {0.3, 0.2, 0.4, 0.1},
                        new Duplicate(0, 2, 0.95, 0.9),
                        new Duplicate(3, 2, 0.9, 0.9)));
        Group one = group("g", 4, List.of("p"), Map.of());
        assertThat(novel(one, points)).containsExactly(new double[] {0.3 * 0.05, 0.2, 0.4, 0.1 * 0.1}, within(1e-9));
    }

    @Test
    void unitsOfAGroupAreAlikeWhereAllOfItsCapturePointsSaySo() {
        Map<String, PointStatistics> points = Map.of(
                "p",
                alike(
                        new double[] {0.4, 0.3, 0.2, 0.1},
                        new Duplicate(1, 0, 0.95, 0.9),
                        new Duplicate(3, 2, 0.95, 0.9)),
                "q",
                alike(new double[] {0.3, 0.4, 0.2, 0.1}, new Duplicate(0, 1, 0.92, 0.9)));
        Group both = group("g", 4, List.of("p", "q"), Map.of());
        // Units 0 and 1 are each other's best, once each: the lower index stays, and Jaccard's triangle bounds the
        // distance.
        assertThat(novel(both, points))
                .containsExactly(new double[] {0.35, 0.35 * (0.05 + 0.08), 0.2, 0.1}, within(1e-9));
    }

    @Test
    void blocksKeepTheBestOfASetEach() {
        Group blocks =
                new Group("g", 4, List.of(), List.of("p"), Map.of(), List.of(List.of(0, 1), List.of(2, 3)), List.of());
        Map<String, PointStatistics> points = Map.of(
                "p",
                alike(
                        new double[] {0.4, 0.3, 0.2, 0.1},
                        new Duplicate(1, 0, 0.95, 0.9),
                        new Duplicate(2, 0, 0.95, 0.9),
                        new Duplicate(3, 0, 0.95, 0.9)));
        assertThat(novel(blocks, points)).containsExactly(new double[] {0.4, 0.3 * 0.05, 0.2, 0.1 * 0.1}, within(1e-9));
    }

    @Test
    void withoutCodesDuplicatesAreNotKnown() {
        PointStatistics old = new PointStatistics(
                9,
                Optional.of(new double[] {0.1}),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(Criteria.of(Criterion.parse("expressiveness+redundancy"), true)
                        .lacks(old)
                        .orElseThrow()
                        .what())
                .isEqualTo("a comparison of units");
    }

    private static double[] novel(Group group, Map<String, PointStatistics> points) {
        return Criteria.of(Criterion.parse("expressiveness+redundancy"), true)
                .score(List.of(group), points)
                .get(0);
    }

    private static PointStatistics alike(double[] score, Duplicate... duplicates) {
        return new PointStatistics(
                100,
                Optional.of(score),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new Redundancy(100, List.of(duplicates))));
    }

    @Test
    void weightNormsAndScalesAreRelativeToTheirGroupsMean() {
        assertScores("l1", new double[] {0.4, 0.8, 1.2, 1.6}, new double[] {1.5, 0.5});
        assertScores("l2", new double[] {0.5, 1, 1.5, 1}, new double[] {1.5, 0.5});
        assertScores("bn_scale", new double[] {0.5, 1.5, 1, 1}, new double[] {0.5, 1.5});
    }

    @Test
    void fluctuationIsTheVarianceTimesTheSquaredNormOfTheReaders() {
        // 8, 4, 2 and 0, of mean 3.5; 200 and 200.
        assertScores("fluctuation", new double[] {8 / 3.5, 4 / 3.5, 2 / 3.5, 0}, new double[] {1, 1});
    }

    @Test
    void saliencyIsTheResidualVarianceTimesTheSquaredNormOfTheReaders() {
        // 4, 2, 0 and 0, of mean 1.5; 150 and 50.
        assertScores("saliency", new double[] {4 / 1.5, 2 / 1.5, 0, 0}, new double[] {1.5, 0.5});
    }

    @Test
    void theMoreZerosTheSoonerAUnitGoes() {
        assertScores("apoz", new double[] {0.5, 1, 0, 0.75}, new double[] {0.7, 0.4});
    }

    @Test
    void aHybridRanksWithinEachGroupOrOverAll() {
        // Ranks within: expressiveness 0 1 2/3 1/3 and 0 1; l2 0 1/2 1 1/2 and 1 0.
        List<double[]> within = scores("hybrid:0.25", false);
        assertThat(within.get(0)).containsExactly(new double[] {0, 0.875, 0.75, 0.375}, within(1e-9));
        assertThat(within.get(1)).containsExactly(new double[] {0.25, 0.75}, within(1e-9));
        // Over all: 0.1 0.2 0.25 0.3 0.375 0.4 and 0.5 0.5 1 1 1.5 1.5, of which equals share a rank, out of 5.
        List<double[]> over = scores("hybrid:0.25", true);
        assertThat(over.get(0))
                .containsExactly(
                        new double[] {
                            0.25 * 0.5 / 5,
                            0.75 * 5 / 5 + 0.25 * 2.5 / 5,
                            0.75 * 3 / 5 + 0.25 * 4.5 / 5,
                            0.75 * 1 / 5 + 0.25 * 2.5 / 5
                        },
                        within(1e-9));
        assertThat(over.get(1))
                .containsExactly(
                        new double[] {0.75 * 2 / 5 + 0.25 * 4.5 / 5, 0.75 * 4 / 5 + 0.25 * 0.5 / 5}, within(1e-9));
    }

    @Test
    void randomOrderDependsOnTheSeedAndTheGroupAlone() {
        List<double[]> both = scores("random:7", true);
        UnitCriterion same = Criteria.of(Criterion.parse("random:7"), true);
        assertThat(same.score(List.of(SECOND), Map.of()).get(0)).containsExactly(both.get(1));
        assertThat(scores("random:8", true).get(0)).isNotEqualTo(both.get(0));
    }

    @Property(tries = 50)
    void scalingAGroupsWeightsOrOutputsMovesItInNoRanking(
            @ForAll @DoubleRange(min = 0.01, max = 100) double factor, @ForAll long seed) {
        Random random = new Random(seed);
        float[] norms = new float[6];
        IntStream.range(0, 6).forEach(unit -> norms[unit] = 0.1f + random.nextFloat());
        float[] scaled = new float[6];
        IntStream.range(0, 6).forEach(unit -> scaled[unit] = (float) (factor * norms[unit]));
        double[] values = random.doubles(6).toArray();
        Map<String, PointStatistics> points = Map.of("p", point(values, values, values, values));
        for (String criterion : List.of("l2", "fluctuation", "saliency")) {
            double[] one = Criteria.of(Criterion.parse(criterion), true)
                    .score(List.of(of(norms)), points)
                    .get(0);
            double[] other = Criteria.of(Criterion.parse(criterion), true)
                    .score(List.of(of(scaled)), points)
                    .get(0);
            assertThat(other).containsExactly(one, within(1e-5));
            assertThat(Arrays.stream(other).average().orElseThrow()).isCloseTo(1, within(1e-5));
        }
    }

    private static Group of(float[] norms) {
        return group("g", norms.length, List.of("p"), Map.of("l2", norms, "consumer_l2", norms));
    }

    @Test
    void aGroupOfZerosStaysZeros() {
        Group zeros = of(new float[3]);
        Map<String, PointStatistics> points =
                Map.of("p", point(new double[3], new double[3], new double[3], new double[3]));
        for (String criterion : List.of("l2", "fluctuation", "saliency")) {
            assertThat(Criteria.of(Criterion.parse(criterion), true)
                            .score(List.of(zeros), points)
                            .get(0))
                    .containsExactly(0, 0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"expressiveness", "hybrid:0.5", "fluctuation", "apoz", "saliency"})
    void whatLooksAtActivationsNeedsACapturePoint(String criterion) {
        Group unseen = group("g", 4, List.of(), FIRST.importance());
        assertThat(Criteria.of(Criterion.parse(criterion), true)
                        .lacks(unseen)
                        .orElseThrow()
                        .what())
                .isEqualTo("a capture point");
    }

    @ParameterizedTest
    @CsvSource({
        "l1, the importance l1",
        "l2, the importance l2",
        "hybrid:0.5, the importance l2",
        "bn_scale, the importance bn_scale (a batch norm on each of its units)",
        "fluctuation, the importance consumer_l2 (a weight that reads each of its units)",
        "saliency, the importance consumer_l2 (a weight that reads each of its units)"
    })
    void whatLooksAtWeightsNeedsThemInTheDescriptor(String criterion, String what) {
        Group bare = group("g", 1, List.of("p"), Map.of());
        assertThat(Criteria.of(Criterion.parse(criterion), true)
                        .lacks(bare)
                        .orElseThrow()
                        .what())
                .isEqualTo(what);
    }

    @ParameterizedTest
    @CsvSource({
        "expressiveness, a score",
        "hybrid:0.5, a score",
        "fluctuation, a variance",
        "apoz, a zero_share",
        "saliency, a residual_variance",
        "expressiveness+redundancy, a score"
    })
    void namesTheStatisticThatIsMissing(String criterion, String what) {
        PointStatistics bare = new PointStatistics(
                9,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(Criteria.of(Criterion.parse(criterion), true)
                        .lacks(bare)
                        .orElseThrow()
                        .what())
                .isEqualTo(what);
        assertThat(Criteria.of(Criterion.parse(criterion), true).lacks(POINTS.get("relu1")))
                .isEmpty();
    }
}
