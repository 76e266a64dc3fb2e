package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class WindowRecordTest {
    private static final ShardKey KEY = new ShardKey("m", "1", "relu", 0);
    private static final Window WINDOW = new Window(0, 60_000, 1);

    private final List<float[]> seen = new ArrayList<>();

    private PaneStatistics pane(int units, int positions, boolean products, Random random) {
        BatchBuilder builder = products
                ? BatchBuilder.withProducts(KEY, units, positions, "p")
                : new BatchBuilder(KEY, units, positions, "p");
        PaneStatistics pane = PaneStatistics.create(units, positions);
        for (int batch = random.nextInt(3); batch >= 0; batch--) {
            for (int sample = random.nextInt(4); sample >= 0; sample--) {
                float[] values = new float[units * positions];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (random.nextGaussian() + i % 3 - 1);
                }
                builder.add(values, 0);
                seen.add(values);
            }
            pane.add(builder.build());
        }
        return pane;
    }

    @Property(tries = 60)
    void equalsPlainLoopsOverAllValuesOfAllPanes(
            @ForAll @IntRange(min = 1, max = 5) int units,
            @ForAll @IntRange(min = 1, max = 7) int positions,
            @ForAll @IntRange(min = 2, max = 4) int panes,
            @ForAll boolean products,
            @ForAll long seed) {
        seen.clear();
        Random random = new Random(seed);
        List<PaneStatistics> all = new ArrayList<>();
        for (int pane = 0; pane < panes; pane++) {
            all.add(pane(units, positions, products, random));
        }
        Expressiveness record = new WindowRecord(all).of(KEY, WINDOW);
        double[][] rows = rows(units, positions);
        assertThat(record.samples()).isEqualTo(seen.size());
        for (int unit = 0; unit < units; unit++) {
            double mean = 0;
            long zeros = 0;
            for (double[] row : rows) {
                mean += row[unit] / rows.length;
                zeros += row[unit] > 0 ? 0 : 1;
            }
            double variance = 0;
            for (double[] row : rows) {
                variance += (row[unit] - mean) * (row[unit] - mean) / rows.length;
            }
            assertThat(record.mean()[unit]).isCloseTo(mean, within(1e-9));
            assertThat(record.variance()[unit]).isCloseTo(variance, within(1e-9));
            assertThat(record.zeroShare()[unit]).isEqualTo((double) zeros / rows.length);
        }
        if (products) {
            assertThat(record.residualVariance()).hasSize(units);
            for (int unit = 0; unit < units; unit++) {
                assertThat(record.residualVariance()[unit]).isBetween(0.0, record.variance()[unit] + 1e-9);
            }
        } else {
            assertThat(record.residualVariance()).isNull();
        }
    }

    private double[][] rows(int units, int positions) {
        double[][] rows = new double[seen.size() * positions][units];
        for (int row = 0; row < rows.length; row++) {
            for (int unit = 0; unit < units; unit++) {
                rows[row][unit] = seen.get(row / positions)[unit * positions + row % positions];
            }
        }
        return rows;
    }

    @Test
    void theResidualVarianceOfAWindowIsThatOfARegressionOnAllItsRows() {
        Random random = new Random(11);
        List<PaneStatistics> panes = List.of(pane(4, 5, true, random), pane(4, 5, true, random));
        Expressiveness record = new WindowRecord(panes).of(KEY, WINDOW);
        double trace = 0;
        for (double variance : record.variance()) {
            trace += variance;
        }
        for (int unit = 0; unit < 4; unit++) {
            assertThat(record.residualVariance()[unit])
                    .isCloseTo(RegressionOracle.residualVariance(rows(4, 5), unit, 1e-3 * trace / 4), within(1e-9));
        }
    }

    @Test
    void onePaneWithoutProductsLeavesTheWindowWithoutAResidualVariance() {
        Random random = new Random(3);
        List<PaneStatistics> panes = List.of(pane(3, 2, true, random), pane(3, 2, false, random));
        assertThat(new WindowRecord(panes).of(KEY, WINDOW).residualVariance()).isNull();
    }

    @Test
    void aPaneWithoutSamplesTakesNothingAway() {
        List<PaneStatistics> panes = List.of(pane(3, 2, true, new Random(3)), PaneStatistics.create(3, 2));
        assertThat(new WindowRecord(panes).of(KEY, WINDOW).residualVariance()).isNotNull();
    }

    @Test
    void belowTwoSamplesNothingIsSaid() {
        BatchBuilder builder = BatchBuilder.withProducts(KEY, 2, 2, "p");
        builder.add(new float[] {1, 2, 3, 4}, 0);
        PaneStatistics pane = PaneStatistics.create(2, 2);
        pane.add(builder.build());
        Expressiveness record = new WindowRecord(List.of(pane)).of(KEY, WINDOW);
        assertThat(record.samples()).isEqualTo(1);
        assertThat(record.score()).isNull();
        assertThat(record.mean()).isNull();
        assertThat(record.variance()).isNull();
        assertThat(record.zeroShare()).isNull();
        assertThat(record.residualVariance()).isNull();
    }

    /** The values are the same but for the last bits; the errors are those of the closed panes, for as many samples as there are. */
    @Property(tries = 40)
    void closedPanesAndTheNewestSayWhatAllOfThemSay(
            @ForAll @IntRange(min = 1, max = 5) int units,
            @ForAll @IntRange(min = 1, max = 7) int positions,
            @ForAll @IntRange(min = 5, max = 12) int panes,
            @ForAll boolean products,
            @ForAll long seed) {
        Random random = new Random(seed);
        List<PaneStatistics> all = new ArrayList<>();
        for (int pane = 0; pane < panes; pane++) {
            all.add(pane(units, positions, products, random));
        }
        Expressiveness plain = new WindowRecord(all).of(KEY, WINDOW);
        Expressiveness quick =
                ClosedPanes.of(all.subList(0, panes - 1)).orElseThrow().with(all.get(panes - 1), KEY, WINDOW);
        assertThat(quick.samples()).isEqualTo(plain.samples());
        assertThat(quick.score()).containsExactly(plain.score());
        assertThat(quick.zeroShare()).containsExactly(plain.zeroShare());
        assertThat(quick.mean()).containsExactly(plain.mean(), within(1e-9));
        assertThat(quick.variance()).containsExactly(plain.variance(), within(1e-9));
        assertThat(quick.residualVariance() == null).isEqualTo(plain.residualVariance() == null);
        Expressiveness closed = new WindowRecord(all.subList(0, panes - 1)).of(KEY, WINDOW);
        double times = Math.sqrt((double) closed.samples() / quick.samples());
        for (int unit = 0; unit < units; unit++) {
            assertThat(quick.errors().variance()[unit])
                    .isCloseTo(closed.errors().variance()[unit] * times, within(1e-9));
            assertThat(quick.errors().zeroShare()[unit])
                    .isCloseTo(closed.errors().zeroShare()[unit] * times, within(1e-9));
            assertThat(quick.interval().lower()[unit]).isLessThanOrEqualTo(quick.score()[unit]);
        }
    }

    @Test
    void tooFewClosedPanesSayNothing() {
        Random random = new Random(1);
        List<PaneStatistics> three = List.of(
                pane(1, 1, false, random),
                pane(1, 1, false, random),
                pane(1, 1, false, random),
                PaneStatistics.create(1, 1));
        assertThat(ClosedPanes.of(three)).isEmpty();
        assertThat(ClosedPanes.of(List.of())).isEmpty();
    }
}
