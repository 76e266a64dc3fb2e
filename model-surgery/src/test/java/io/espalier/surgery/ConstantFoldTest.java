package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.surgery.graph.Parameter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What folding writes, by plain arithmetic on the archives of make_folds.py. */
class ConstantFoldTest {
    private static final double EPS = 1e-5;

    @TempDir
    Path folder;

    private PruningReport prune(String name, Map<String, int[]> remove) throws IOException {
        return surgeon(name).writePruned(new PruningPlan(remove), folder.resolve("pruned.pt"));
    }

    private static Surgeon surgeon(String name) throws IOException {
        return new Surgeon(Fixtures.open("folds/" + name), Fixtures.analyse("folds/" + name));
    }

    private static float[] numbers(ModelArchive model, String tensor) {
        Parameter parameter = model.graph().parameters().stream()
                .filter(p -> p.name().equals(tensor))
                .findFirst()
                .orElseThrow();
        ByteBuffer content = model.model().content(parameter);
        float[] all = new float[content.remaining() / 4];
        content.asFloatBuffer().get(all);
        return all;
    }

    private static ModelArchive folds(String name) {
        return Fixtures.open("folds/" + name);
    }

    private static float[] sumsOverKernel(float[] weight, int columns, int kernel, int column) {
        float[] sums = new float[weight.length / columns / kernel];
        for (int o = 0; o < sums.length; o++) {
            double sum = 0;
            for (int k = 0; k < kernel; k++) {
                sum += weight[(o * columns + column) * kernel + k];
            }
            sums[o] = (float) sum;
        }
        return sums;
    }

    @Test
    void aBiasThroughNormAndActivationGoesIntoTheNextBias() throws IOException {
        ModelArchive model = folds("valid");
        double c = (numbers(model, "a.bias")[4] - numbers(model, "bn.running_mean")[4])
                        / Math.sqrt(numbers(model, "bn.running_var")[4] + EPS)
                        * numbers(model, "bn.weight")[4]
                + numbers(model, "bn.bias")[4];
        assertThat(c).as("a constant that ReLU lets through").isPositive();
        PruningReport report = prune("valid", Map.of("a", new int[] {4}));
        assertThat(report.folds()).containsExactly(Fold.into("a", 4, "b.weight", "b.bias"));
        isShifted(model, "b.bias", c, sumsOverKernel(numbers(model, "b.weight"), 6, 9, 4));
    }

    @Test
    void aNormScaleOfZeroLeavesTheShift() throws IOException {
        ModelArchive model = folds("valid");
        prune("valid", Map.of("a", new int[] {2}));
        isShifted(model, "b.bias", numbers(model, "bn.bias")[2], sumsOverKernel(numbers(model, "b.weight"), 6, 9, 2));
    }

    @Test
    void withoutABiasTheRunningMeanBehindTakesIt() throws IOException {
        ModelArchive model = folds("normed");
        double c = Math.tanh(numbers(model, "a.bias")[5]);
        PruningReport report = prune("normed", Map.of("a", new int[] {5}));
        assertThat(report.folds()).containsExactly(Fold.into("a", 5, "b.weight", "bn.running_mean"));
        isShifted(model, "bn.running_mean", -c, sumsOverKernel(numbers(model, "b.weight"), 6, 9, 5));
    }

    @Test
    void aFlattenedUnitIsFoldedFromAllItsColumns() throws IOException {
        ModelArchive model = folds("flattened");
        double c = 1 / (1 + Math.exp(-numbers(model, "a.bias")[3]));
        prune("flattened", Map.of("a", new int[] {3}));
        isShifted(model, "fc.bias", c, sumsOverKernel(numbers(model, "fc.weight"), 4, 4, 3));
    }

    private void isShifted(ModelArchive model, String vector, double constant, float[] sums) {
        float[] before = numbers(model, vector);
        float[] after = numbers(ModelArchive.open(folder.resolve("pruned.pt")), vector);
        assertThat(after).hasSameSizeAs(before);
        for (int i = 0; i < before.length; i++) {
            assertThat((double) after[i]).isCloseTo(before[i] + constant * sums[i], within(2e-6));
            assertThat(after[i]).isNotEqualTo(before[i]);
        }
    }

    @Test
    void whatIsCutAndShiftedKeepsItsOwnElements() throws IOException {
        prune("valid", Map.of("a", new int[] {4}));
        float[] all = numbers(ModelArchive.open(folder.resolve("pruned.pt")), "b.bias");
        // b's outputs are the model's, so that its bias keeps its size; in the other network they are units.
        assertThat(all).hasSize(5);
        prune("normed", Map.of("a", new int[] {5}));
        float[] whole = numbers(ModelArchive.open(folder.resolve("pruned.pt")), "bn.running_mean");
        prune("normed", Map.of("a", new int[] {5}, "b", new int[] {0, 6}));
        float[] left = numbers(ModelArchive.open(folder.resolve("pruned.pt")), "bn.running_mean");
        assertThat(left).containsExactly(whole[1], whole[2], whole[3], whole[4], whole[5], whole[7]);
    }

    @Test
    void whatPaddingMakesInexactChangesNoNumber() throws IOException {
        ModelArchive model = folds("padded");
        PruningReport report = prune("padded", Map.of("a", new int[] {1, 4}));
        assertThat(report.folds())
                .hasSize(2)
                .noneMatch(Fold::folded)
                .allMatch(fold -> fold.into().isEmpty());
        assertThat(numbers(ModelArchive.open(folder.resolve("pruned.pt")), "b.bias"))
                .isEqualTo(numbers(model, "b.bias"));
    }

    @Test
    void unitsThatVaryLeaveNoFold() throws IOException {
        ModelArchive model = folds("valid");
        PruningReport report = prune("valid", Map.of("a", new int[] {0, 3, 5}));
        assertThat(report.folds()).isEmpty();
        assertThat(numbers(ModelArchive.open(folder.resolve("pruned.pt")), "b.bias"))
                .isEqualTo(numbers(model, "b.bias"));
    }

    @Test
    void theZeroedReferenceIsShiftedAlike() throws IOException {
        PruningPlan plan = new PruningPlan(Map.of("a", new int[] {1, 2, 4}));
        Path zeroed = folder.resolve("zeroed.pt");
        surgeon("valid").writeZeroed(plan, zeroed);
        prune("valid", plan.remove());
        assertThat(numbers(ModelArchive.open(zeroed), "b.bias"))
                .isEqualTo(numbers(ModelArchive.open(folder.resolve("pruned.pt")), "b.bias"))
                .isNotEqualTo(numbers(folds("valid"), "b.bias"));
    }
}
