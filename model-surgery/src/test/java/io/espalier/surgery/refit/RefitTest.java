package io.espalier.surgery.refit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RefitTest {
    private static final Products LOOPS = (left, right, rows, columns, others) -> {
        double[] product = new double[columns * others];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < columns; i++) {
                for (int j = 0; j < others; j++) {
                    product[i * others + j] += left[row * columns + i] * right[row * others + j];
                }
            }
        }
        return product;
    };

    /** Observations as they were drawn, for what is computed from sums only. */
    private record Drawn(int features, int outputs, double[] seen, double[] targets, int count) {
        static Drawn of(Random random, int features, int outputs, int count, LinearFit truth, double noise) {
            double[] seen = new double[count * (features + 1)];
            double[] targets = new double[count * outputs];
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < features; i++) {
                    seen[row * (features + 1) + i] = random.nextGaussian() + 0.5 * i;
                }
                seen[row * (features + 1) + features] = 1;
                for (int o = 0; o < outputs; o++) {
                    targets[row * outputs + o] = given(truth, seen, row, o) + noise * random.nextGaussian();
                }
            }
            return new Drawn(features, outputs, seen, targets, count);
        }

        private static double given(LinearFit fit, double[] seen, int row, int output) {
            double value = fit.intercept()[output];
            for (int i = 0; i < fit.features(); i++) {
                value += fit.weights()[output * fit.features() + i] * seen[row * (fit.features() + 1) + i];
            }
            return value;
        }

        NormalEquations sums() {
            NormalEquations sums = new NormalEquations(features, outputs, LOOPS);
            // In two parts, as batches come.
            int half = count / 2;
            sums.add(Arrays.copyOf(seen, half * (features + 1)), Arrays.copyOf(targets, half * outputs), half);
            sums.add(
                    Arrays.copyOfRange(seen, half * (features + 1), seen.length),
                    Arrays.copyOfRange(targets, half * outputs, targets.length),
                    count - half);
            return sums;
        }

        double error(LinearFit fit) {
            double sum = 0;
            for (int row = 0; row < count; row++) {
                for (int o = 0; o < outputs; o++) {
                    double difference = given(fit, seen, row, o) - targets[row * outputs + o];
                    sum += difference * difference;
                }
            }
            return sum / count;
        }
    }

    private static LinearFit random(Random random, int features, int outputs) {
        return new LinearFit(
                features,
                outputs,
                random.doubles((long) features * outputs, -1, 1).toArray(),
                random.doubles(outputs, -1, 1).toArray());
    }

    @Property(tries = 50)
    void errorFromSumsIsThatOfTheObservations(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int features,
            @ForAll @IntRange(min = 1, max = 4) int outputs) {
        Random random = new Random(seed);
        Drawn drawn = Drawn.of(random, features, outputs, 40, random(random, features, outputs), 0.3);
        LinearFit other = random(random, features, outputs);
        assertThat(drawn.sums().error(other)).isCloseTo(drawn.error(other), within(1e-8 * (1 + drawn.error(other))));
    }

    @Property(tries = 50)
    void whatIsLinearIsFoundAgain(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int features,
            @ForAll @IntRange(min = 1, max = 4) int outputs) {
        Random random = new Random(seed);
        LinearFit truth = random(random, features, outputs);
        Drawn fitted = Drawn.of(random, features, outputs, 200, truth, 0);
        Drawn heldOut = Drawn.of(random, features, outputs, 50, truth, 0);
        LinearFit found = new Refit(fitted.sums(), heldOut.sums(), random(random, features, outputs))
                .weights(true)
                .orElseThrow();
        assertThat(found.weights()).containsExactly(truth.weights(), within(1e-5));
        assertThat(found.intercept()).containsExactly(truth.intercept(), within(1e-5));
    }

    @Property(tries = 50)
    void nothingIsTakenThatIsWorseOnInputsHeldOut(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int features) {
        Random random = new Random(seed);
        LinearFit truth = random(random, features, 2);
        // Fewer observations than features are learned by heart.
        Drawn fitted = Drawn.of(random, features, 2, Math.max(2, features / 2), truth, 1);
        Drawn heldOut = Drawn.of(random, features, 2, 60, truth, 1);
        LinearFit start = random(random, features, 2);
        double before = heldOut.error(start);
        new Refit(fitted.sums(), heldOut.sums(), start)
                .weights(true)
                .ifPresent(fit -> assertThat(heldOut.error(fit)).isLessThan(before));
    }

    @Test
    void theInterceptTakesUpWhatIsMissingOnAverage() {
        Random random = new Random(4);
        LinearFit truth = random(random, 5, 3);
        Drawn fitted = Drawn.of(random, 5, 3, 300, truth, 0);
        LinearFit off = truth.withIntercept(new double[] {7, -2, 0.5});
        LinearFit found =
                new Refit(fitted.sums(), fitted.sums(), off).intercept().orElseThrow();
        assertThat(found.intercept()).containsExactly(truth.intercept(), within(1e-9));
    }

    @Test
    void aFeatureThatRepeatsAnotherIsNotMissed() {
        Random random = new Random(5);
        LinearFit truth = new LinearFit(3, 1, new double[] {1, 2, 0.5}, new double[] {0.1});
        Drawn drawn = Drawn.of(random, 3, 1, 500, truth, 0);
        for (int row = 0; row < 500; row++) {
            double twice = 2 * drawn.seen()[row * 4];
            drawn.targets()[row] += 0.5 * (twice - drawn.seen()[row * 4 + 2]);
            drawn.seen()[row * 4 + 2] = twice;
        }
        LinearFit without = Refit.without(drawn.sums(), truth, new int[] {0, 1}, true);
        assertThat(without.weights()[2]).isZero();
        assertThat(drawn.error(without)).isLessThan(1e-4);
    }

    @Test
    void oneOfTwoAlikeGoesFirstAndTheOtherLast() {
        double[] covariances = {1, 1, 0, 1, 1, 0, 0, 0, 1};
        // The first two are read with 3, the third with 1.
        double[] products = {9, 9, 3, 9, 9, 3, 3, 3, 1};
        double[] costs = new Elimination(List.of(new Elimination.Reader(
                        covariances, products, List.of(new int[] {0}, new int[] {1}, new int[] {2}))))
                .costs();
        assertThat(costs[0]).isLessThan(costs[2]);
        assertThat(costs[2]).isLessThan(costs[1]);
    }
}
