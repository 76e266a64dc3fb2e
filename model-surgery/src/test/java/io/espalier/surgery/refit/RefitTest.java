package io.espalier.surgery.refit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class RefitTest {
    private static final LinearAlgebra ALGEBRA = new HeapAlgebra();

    private static LinearFit fitted(
            DrawnObservations fitted, DrawnObservations heldOut, LinearFit start, boolean intercept, long memory) {
        Observations split = DrawnObservations.split(ALGEBRA, fitted, heldOut);
        return new Refit(ALGEBRA, split, intercept, 1, memory)
                .weights(List.of(start))
                .get(0);
    }

    /** Room for the sums of so many features. */
    private static long roomFor(int features, int outputs) {
        return Double.BYTES * (2L * features * features + 6L * features * outputs);
    }

    @Property(tries = 50)
    void whatIsLinearIsFoundAgain(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int features,
            @ForAll @IntRange(min = 1, max = 4) int outputs) {
        Random random = new Random(seed);
        LinearFit truth = DrawnObservations.randomFit(random, features, outputs);
        DrawnObservations fitted = DrawnObservations.of(random, 200, truth, 0, 0);
        DrawnObservations heldOut = DrawnObservations.of(random, 50, truth, 0, 0);
        LinearFit found =
                fitted(fitted, heldOut, DrawnObservations.randomFit(random, features, outputs), true, Refit.MEMORY);
        assertThat(found.weights()).containsExactly(truth.weights(), within(1e-5));
        assertThat(found.intercept()).containsExactly(truth.intercept(), within(1e-5));
    }

    /** Against the textbook's equations, solved by another decomposition. */
    @Property(tries = 30)
    void withoutAnInterceptItStaysAsItIs(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int features) {
        Random random = new Random(seed);
        LinearFit truth = DrawnObservations.randomFit(random, features, 1);
        DrawnObservations fitted = DrawnObservations.of(random, 100, truth, 0.1, 0);
        double[] shifted = {truth.intercept()[0] + 0.3};
        LinearFit start = new LinearFit(
                features, 1, DrawnObservations.randomFit(random, features, 1).weights(), shifted);
        LinearFit found = fitted(fitted, fitted, start, false, Refit.MEMORY);
        DMatrixRMaj seen = new DMatrixRMaj(100, features);
        DMatrixRMaj targets = new DMatrixRMaj(100, 1);
        for (int row = 0; row < 100; row++) {
            for (int i = 0; i < features; i++) {
                seen.set(row, i, fitted.seen()[row * (features + 1) + i]);
            }
            targets.set(row, 0, fitted.targets()[row] - shifted[0]);
        }
        DMatrixRMaj expected = new DMatrixRMaj(features, 1);
        CommonOps_DDRM.solve(seen, targets, expected);
        assertThat(found.weights()).containsExactly(expected.data, within(1e-5));
        assertThat(found.intercept()).isEqualTo(shifted);
    }

    @Property(tries = 50)
    void nothingIsTakenThatIsWorseOnInputsHeldOut(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 12) int features,
            @ForAll @IntRange(min = 1, max = 12) int block) {
        Random random = new Random(seed);
        LinearFit truth = DrawnObservations.randomFit(random, features, 2);
        // Fewer observations than features are learned by heart.
        DrawnObservations fitted = DrawnObservations.of(random, Math.max(2, features / 2), truth, 1, 0.3);
        DrawnObservations heldOut = DrawnObservations.of(random, 60, truth, 1, 0.3);
        LinearFit start = DrawnObservations.randomFit(random, features, 2);
        LinearFit found = fitted(fitted, heldOut, start, true, roomFor(block, 2));
        if (!found.equals(start)) {
            assertThat(heldOut.error(found)).isLessThan(heldOut.error(start));
        }
    }

    @Property(tries = 20)
    void blocksOfIndependentFeaturesGiveWhatTheWholeGives(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int block) {
        Random random = new Random(seed);
        LinearFit truth = DrawnObservations.randomFit(random, 24, 2);
        DrawnObservations fitted = centredAndOrthogonal(DrawnObservations.of(random, 400, truth, 0, 0), truth, random);
        LinearFit start = DrawnObservations.randomFit(random, 24, 2);
        LinearFit whole = fitted(fitted, fitted, start, true, Refit.MEMORY);
        LinearFit inBlocks = fitted(fitted, fitted, start, true, roomFor(block, 2));
        // The penalty alone differs, by the features' mean square in a block.
        assertThat(inBlocks.weights()).containsExactly(whole.weights(), within(1e-6));
        assertThat(inBlocks.intercept()).containsExactly(whole.intercept(), within(1e-6));
    }

    /** Gram and Schmidt's columns: their products over the observations are zero, so are their sums. */
    private static DrawnObservations centredAndOrthogonal(DrawnObservations drawn, LinearFit truth, Random random) {
        int width = drawn.features() + 1;
        double[] seen = drawn.seen().clone();
        for (int i = drawn.features() - 1; i >= 0; i--) {
            for (int j = i + 1; j < width; j++) {
                double product = 0;
                double square = 0;
                for (int row = 0; row < drawn.count(); row++) {
                    product += seen[row * width + i] * seen[row * width + j];
                    square += seen[row * width + j] * seen[row * width + j];
                }
                for (int row = 0; row < drawn.count(); row++) {
                    seen[row * width + i] -= product / square * seen[row * width + j];
                }
            }
        }
        double[] targets = new double[drawn.count() * truth.outputs()];
        for (int row = 0; row < drawn.count(); row++) {
            for (int o = 0; o < truth.outputs(); o++) {
                double value = truth.intercept()[o] + 0.1 * random.nextGaussian();
                for (int i = 0; i < drawn.features(); i++) {
                    value += truth.weights()[o * drawn.features() + i] * seen[row * width + i];
                }
                targets[row * truth.outputs() + o] = value;
            }
        }
        return new DrawnObservations(drawn.features(), truth.outputs(), seen, targets, drawn.count());
    }

    @Property(tries = 20)
    void blocksOfDependentFeaturesComeCloseToTheWhole(@ForAll long seed) {
        Random random = new Random(seed);
        LinearFit truth = DrawnObservations.randomFit(random, 24, 2);
        DrawnObservations fitted = DrawnObservations.of(random, 1000, truth, 0.05, 0.4);
        DrawnObservations heldOut = DrawnObservations.of(random, 400, truth, 0.05, 0.4);
        LinearFit start = DrawnObservations.randomFit(random, 24, 2);
        // With means put right, which is the easiest part.
        Observations split = DrawnObservations.split(ALGEBRA, fitted, heldOut);
        double before = heldOut.error(new Refit(ALGEBRA, split, true, 1, Refit.MEMORY)
                .intercepts(List.of(start))
                .get(0));
        double whole = heldOut.error(fitted(fitted, heldOut, start, true, Refit.MEMORY));
        double inBlocks = heldOut.error(fitted(fitted, heldOut, start, true, roomFor(6, 2)));

        assertThat(inBlocks - whole).isLessThan(0.1 * (before - whole));
    }

    @Test
    void aBlockIsOfWholeChannelsAndAllAreFitted() {
        for (int block = 3; block < 60; block++) {
            List<Block> blocks = Block.of(60, 4, 3, roomFor(block, 4));
            assertThat(blocks).allSatisfy(b -> assertThat(b.first() % 3).isZero());
            assertThat(blocks.get(0).first()).isZero();
            for (int i = 1; i < blocks.size(); i++) {
                assertThat(blocks.get(i).first()).isEqualTo(blocks.get(i - 1).end());
            }
            assertThat(blocks.get(blocks.size() - 1).end()).isEqualTo(60);
            int most = block;
            assertThat(blocks).allSatisfy(b -> assertThat(b.end() - b.first()).isLessThanOrEqualTo(most));
        }
    }

    @Test
    void groupsAreFittedEachToItsOwn() {
        Random random = new Random(7);
        List<LinearFit> truths = new ArrayList<>();
        List<DrawnObservations> drawn = new ArrayList<>();
        for (int group = 0; group < 5; group++) {
            truths.add(DrawnObservations.randomFit(random, 4, 2));
            drawn.add(DrawnObservations.of(random, 100, truths.get(group), 0, 0));
        }
        Observations all = (part, first, end, rows) -> {
            for (int group = first; group < end; group++) {
                drawn.get(group).each(ALGEBRA, group, rows);
            }
        };
        List<LinearFit> starts = truths.stream()
                .map(truth -> DrawnObservations.randomFit(random, 4, 2))
                .toList();
        // Two groups at a time, and each group in one block.
        List<LinearFit> found = new Refit(ALGEBRA, all, true, 1, 2 * roomFor(4, 2)).weights(starts);
        for (int group = 0; group < 5; group++) {
            assertThat(found.get(group).weights())
                    .containsExactly(truths.get(group).weights(), within(1e-5));
        }
    }

    @Test
    void theInterceptTakesUpWhatIsMissingOnAverage() {
        Random random = new Random(4);
        LinearFit truth = DrawnObservations.randomFit(random, 5, 3);
        DrawnObservations drawn = DrawnObservations.of(random, 300, truth, 0, 0);
        LinearFit off = new LinearFit(5, 3, truth.weights(), new double[] {7, -2, 0.5});
        Observations split = DrawnObservations.split(ALGEBRA, drawn, drawn);
        LinearFit found = new Refit(ALGEBRA, split, true, 1, Refit.MEMORY)
                .intercepts(List.of(off))
                .get(0);
        assertThat(found.intercept()).containsExactly(truth.intercept(), within(1e-9));
        assertThat(found.weights()).isEqualTo(truth.weights());
    }

    @Test
    void aFeatureThatRepeatsAnotherIsNotMissed() {
        Random random = new Random(5);
        LinearFit truth = new LinearFit(3, 1, new double[] {1, 2, 0.5}, new double[] {0.1});
        DrawnObservations drawn = DrawnObservations.of(random, 500, truth, 0, 0);
        for (int row = 0; row < 500; row++) {
            double twice = 2 * drawn.seen()[row * 4];
            drawn.targets()[row] += 0.5 * (twice - drawn.seen()[row * 4 + 2]);
            drawn.seen()[row * 4 + 2] = twice;
        }
        LinearFit without = without(drawn, truth, new int[] {0, 1}, 0, 3);
        assertThat(without.weights()[2]).isZero();
        assertThat(drawn.error(without)).isLessThan(1e-4);
    }

    @Test
    void aBlockMakesUpForItsOwnLossOnly() {
        Random random = new Random(6);
        LinearFit truth = DrawnObservations.randomFit(random, 6, 2);
        DrawnObservations drawn = DrawnObservations.of(random, 500, truth, 0, 0.5);
        LinearFit without = without(drawn, truth, new int[] {0, 2, 3, 5}, 3, 6);
        for (int o = 0; o < 2; o++) {
            assertThat(Arrays.copyOfRange(without.weights(), o * 6, o * 6 + 3))
                    .isEqualTo(Arrays.copyOfRange(truth.weights(), o * 6, o * 6 + 3));
            assertThat(without.weights()[o * 6 + 4]).isZero();
        }
        double[] cut = truth.weights().clone();
        cut[4] = 0;
        cut[10] = 0;
        assertThat(drawn.error(without)).isLessThan(0.5 * drawn.error(new LinearFit(6, 2, cut, truth.intercept())));
    }

    private static LinearFit without(DrawnObservations drawn, LinearFit fit, int[] kept, int first, int end) {
        try (FeatureSums sums = new FeatureSums(ALGEBRA, first, end)) {
            drawn.each(ALGEBRA, 0, (group, seen, targets) -> sums.add(seen));
            return new Omission(ALGEBRA, sums, true).without(fit, kept);
        }
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
