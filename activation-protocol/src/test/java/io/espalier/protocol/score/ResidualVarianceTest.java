package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ResidualVarianceTest {
    private static final int POSITIONS = 3;

    /** Rows [sample * position][unit] of units that depend on each other, each with a mean and a scale of its own. */
    private static double[][] rows(int units, int samples, double offset, Random random) {
        double[][] rows = new double[samples * POSITIONS][units];
        double[][] mix = new double[units][units];
        for (double[] weights : mix) {
            for (int i = 0; i < units; i++) {
                weights[i] = random.nextGaussian();
            }
        }
        for (double[] row : rows) {
            for (int i = 0; i < units; i++) {
                double source = random.nextGaussian() / (1 + i);
                for (int unit = 0; unit < units; unit++) {
                    row[unit] += mix[unit][i] * source;
                }
            }
            for (int unit = 0; unit < units; unit++) {
                // What a capture point gives is float.
                row[unit] = (float) (row[unit] + offset * unit);
            }
        }
        return rows;
    }

    private static double[] residuals(double[][] rows) {
        int units = rows[0].length;
        ProductSums products = new ProductSums(units);
        double[] sums = new double[units];
        for (int sample = 0; sample * POSITIONS < rows.length; sample++) {
            float[] values = new float[units * POSITIONS];
            for (int unit = 0; unit < units; unit++) {
                for (int position = 0; position < POSITIONS; position++) {
                    double value = rows[sample * POSITIONS + position][unit];
                    values[unit * POSITIONS + position] = (float) value;
                    sums[unit] += value;
                }
            }
            products.add(values, 0, POSITIONS);
        }
        return ResidualVariance.of(rows.length, sums, products).orElseThrow();
    }

    private static double[] variances(double[][] rows) {
        double[] variances = new double[rows[0].length];
        for (int unit = 0; unit < variances.length; unit++) {
            double mean = 0;
            for (double[] row : rows) {
                mean += row[unit] / rows.length;
            }
            for (double[] row : rows) {
                variances[unit] += (row[unit] - mean) * (row[unit] - mean) / rows.length;
            }
        }
        return variances;
    }

    private static double ridge(double[][] rows) {
        double trace = 0;
        for (double variance : variances(rows)) {
            trace += variance;
        }
        return 1e-3 * trace / rows[0].length;
    }

    @Property(tries = 60)
    void equalsARegressionOnTheRowsThemselves(
            @ForAll @IntRange(min = 1, max = 9) int units,
            @ForAll @IntRange(min = 2, max = 60) int samples,
            @ForAll @DoubleRange(min = -20, max = 20) double offset,
            @ForAll long seed) {
        double[][] rows = rows(units, samples, offset, new Random(seed));
        double[] found = residuals(rows);
        double ridge = ridge(rows);
        for (int unit = 0; unit < units; unit++) {
            assertThat(found[unit])
                    .isCloseTo(RegressionOracle.residualVariance(rows, unit, ridge), within(1e-3 * ridge));
        }
    }

    @Test
    void aUnitThatIsACombinationOfOthersHasNothingLeft() {
        Random random = new Random(5);
        double[][] rows = rows(8, 200, 1, random);
        for (double[] row : rows) {
            row[3] = row[6];
            row[5] = (float) (0.5 * row[0] - row[1] + 7);
        }
        double[] found = residuals(rows);
        double[] variances = variances(rows);
        for (int planted : new int[] {3, 6, 5}) {
            assertThat(found[planted] / variances[planted]).isLessThan(1e-4);
        }
        assertThat(found[2] / variances[2]).isGreaterThan(1e-4);
    }

    @Test
    void independentUnitsKeepTheirVariance() {
        Random random = new Random(6);
        double[][] rows = new double[6000][4];
        for (double[] row : rows) {
            for (int unit = 0; unit < 4; unit++) {
                row[unit] = (float) ((unit + 1) * random.nextGaussian() + 3);
            }
        }
        double[] found = residuals(rows);
        double[] variances = variances(rows);
        for (int unit = 0; unit < 4; unit++) {
            assertThat(found[unit] / variances[unit]).isBetween(0.99, 1.0);
        }
    }

    @Test
    void constantUnitsHaveNoVarianceToKeep() {
        double[][] rows = new double[30][3];
        for (double[] row : rows) {
            row[1] = 1e6f;
            row[2] = -0.3f;
        }
        assertThat(residuals(rows)).containsExactly(new double[3], within(1e-3));
    }

    @Test
    void sumsThatNoActivationsHaveGiveNothing() {
        ProductSums products = new ProductSums(2);
        products.add(i -> i == 1 ? 100 : 1);
        assertThat(ResidualVariance.of(10, new double[2], products)).isEmpty();
        ProductSums huge = new ProductSums(2);
        huge.add(i -> Double.MAX_VALUE);
        assertThat(ResidualVariance.of(10, new double[] {1, Double.MAX_VALUE}, huge))
                .isEmpty();
    }
}
