package io.espalier.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.protocol.record.Policy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private static final Comparison COMPARISON = Runs.comparison();

    @Test
    void mediansAreOverSeeds() {
        assertThat(COMPARISON.medians()).hasSize(2 * 2 * 2);
        Median median = COMPARISON.medians().get(0);
        assertThat(median.criterion()).hasToString("l2");
        assertThat(median.target()).isEqualTo(0.8);
        assertThat(median.seeds()).isEqualTo(3);
        assertThat(median.accuracy()).isEqualTo(0.82, within(1e-12));
        assertThat(median.agreement()).isEqualTo(0.84, within(1e-12));
        assertThat(median.divergence()).isEqualTo(0.18, within(1e-12));
        assertThat(median.macsKept()).isEqualTo(0.79, within(1e-12));
        assertThat(median.paramsKept()).isEqualTo(0.78, within(1e-12));
        assertThat(median.seconds()).isEmpty();
        assertThat(COMPARISON.medians().get(1).seconds())
                .containsOnlyKeys("ridge", "norm")
                .containsValue(12.0);
    }

    @Test
    void curvesRiseInTheShareThatIsKept() {
        assertThat(COMPARISON.curves()).hasSize(4);
        Curve random = COMPARISON.curves().get(2);
        assertThat(random.criterion()).hasToString("random");
        assertThat(random.recipe()).hasToString("none");
        assertThat(random.points()).extracting(Curve.Point::kept).containsExactly(0.49, 0.79);
        assertThat(random.points().get(0).mean()).isEqualTo(0.22, within(1e-12));
        assertThat(random.points().get(0).deviation()).isEqualTo(0.01, within(1e-12));
    }

    @Test
    void curvesOfParametersLieOverParameters() {
        List<Run> runs = List.of(Runs.run("l1", 0.5, "none", 1, 0.5));
        Curve curve = Curve.of(runs, Policy.Metric.PARAMS, Measure.AGREEMENT).get(0);
        assertThat(curve.points()).hasSize(1);
        assertThat(curve.points().get(0).kept()).isEqualTo(0.48, within(1e-12));
        assertThat(curve.points().get(0).mean()).isEqualTo(0.53, within(1e-12));
        assertThat(curve.points().get(0).deviation()).isZero();
    }

    @Test
    void theMeasureIsWhatIsKnownOfAll() {
        Run known = Runs.run("l1", 0.5, "none", 1, 0.5);
        Run unlabelled = without(known, true);
        Run noClasses = without(known, false);
        assertThat(Measure.of(List.of(known))).isEqualTo(Measure.ACCURACY);
        assertThat(Measure.of(List.of(known, unlabelled))).isEqualTo(Measure.AGREEMENT);
        assertThat(Measure.of(List.of(known, unlabelled, noClasses))).isEqualTo(Measure.DIVERGENCE);
        assertThat(Median.of(List.of(known, without(known, true))).get(0).accuracy())
                .isNull();
    }

    private static Run without(Run run, boolean classes) {
        return new Run(
                run.criterion(),
                run.target(),
                run.recipe(),
                run.seed(),
                run.macsKept(),
                run.paramsKept(),
                run.unitsRemoved(),
                null,
                classes ? run.agreement() : null,
                run.divergence(),
                List.of());
    }

    @Test
    void runsThatAreNotAskedForStayAndDoNotCount() {
        List<Run> runs = new ArrayList<>();
        for (int seed = 1; seed <= 3; seed++) {
            runs.add(Runs.run("l1", 0.5, "none", seed, 0.5));
        }
        RunGrid grid = new RunGrid(ComparedCriterion.parseAll("l1"), List.of(0.5), List.of(Recipe.parse("none")), 1);
        Comparison comparison = Comparison.of(Runs.SETUP, Runs.ORIGINAL, grid, Runs.byKey(runs), List.of());
        assertThat(comparison.runs()).hasSize(3);
        assertThat(comparison.medians()).hasSize(1);
        assertThat(comparison.medians().get(0).seeds()).isEqualTo(1);
        assertThat(comparison.medians().get(0).accuracy()).isEqualTo(0.51, within(1e-12));
    }
}
