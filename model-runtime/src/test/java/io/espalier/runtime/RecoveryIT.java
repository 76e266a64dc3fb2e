package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.runtime.recovery.Checkpoints;
import io.espalier.runtime.recovery.DistilSettings;
import io.espalier.runtime.recovery.Divergence;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.runtime.recovery.Recovery;
import io.espalier.runtime.recovery.StepReport;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecoveryIT {
    private static final DistilSettings SHORT = new DistilSettings(20, 16, 1e-3, Duration.ofMinutes(1), 1);

    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @TempDir
    private Path folder;

    static Stream<FamilyArchive> archives() {
        return FamilyArchive.all();
    }

    /** src/test/python/make_planted.py: the second half of every group is made of the first. */
    @ParameterizedTest
    @ValueSource(strings = {"planted.pt", "planted-frozen.pt"})
    void unitsThatAreCombinationsOfOthersAreNotMissed(String name) throws IOException {
        Path original = TestRuntime.fixture(name);
        InputShapes shapes = InputShapes.of(List.of(new long[] {1, 3, 12, 12}));
        DescribedModel model = new ModelDescriber(ENGINE.runtime()).describe(original, "planted", "1", shapes);
        Map<String, List<Integer>> remove = new LinkedHashMap<>();
        for (ModelDescriptor.Group group : model.descriptor().groups()) {
            remove.put(group.id(), secondHalves(group));
        }
        assertThat(remove).hasSize(6);
        List<List<Tensor>> samples = random(model.inputs(), 256, 3);

        List<StepReport> steps = recover(model, original, remove, samples, List.of(RecoveryStep.RIDGE));

        assertThat(steps.get(0).kept()).isTrue();
        assertThat(steps.get(0).divergenceBefore()).isGreaterThan(0.01);
        assertThat(largestDifference(original, folder.resolve("recovered.pt"), random(model.inputs(), 32, 99)))
                .isLessThan(1e-4);
    }

    @Test
    void anInterruptedTrainingIsContinuedAsIfItHadNotBeen() throws IOException {
        Path original = TestRuntime.fixture("planted.pt");
        InputShapes shapes = InputShapes.of(List.of(new long[] {1, 3, 12, 12}));
        DescribedModel model = new ModelDescriber(ENGINE.runtime()).describe(original, "planted", "1", shapes);
        Path cut = folder.resolve("cut.pt");
        BuiltVersion built = new VersionBuilder(ENGINE.runtime())
                .build(model, CutOracles.someOfAll(model, 0.4, 5), cut, new EquivalenceInputs(1, 5, List.of()));
        Recovery.Cut of = new Recovery.Cut(original, cut, built.report().tensors(), InputShapes.of(model.descriptor()));
        InputSource inputs = InputSource.of(random(model.inputs(), 64, 3));
        Recovery recovery = new Recovery(
                ENGINE.runtime(),
                new DistilSettings(60, 16, 1e-3, Duration.ofMinutes(5), 1),
                new Checkpoints(folder.resolve("trainings"), Duration.ZERO));
        List<RecoveryStep> steps = List.of(RecoveryStep.DISTIL);

        Path whole = folder.resolve("whole.pt");
        recovery.recover(of, inputs, steps, whole, Recovery.Listener.NONE);
        List<Integer> seen = new ArrayList<>();
        Path resumed = folder.resolve("resumed.pt");
        assertThatIllegalStateException()
                .isThrownBy(() -> recovery.recover(of, inputs, steps, resumed, step -> (done, all) -> {
                    seen.add(done);
                    if (done == 50) {
                        throw new IllegalStateException("interrupted");
                    }
                }));
        seen.clear();
        recovery.recover(of, inputs, steps, resumed, step -> (done, all) -> seen.add(done));

        assertThat(seen.get(0)).isEqualTo(41);
        // Not bit by bit: the engine's own sums differ in the last place from one run to the next.
        assertThat(largestDifference(whole, resumed, random(model.inputs(), 16, 99)))
                .isLessThan(1e-5);
        assertThat(folder.resolve("trainings")).isEmptyDirectory();
    }

    private static List<Integer> secondHalves(ModelDescriptor.Group group) {
        List<List<Integer>> blocks = group.blocks().isEmpty()
                ? List.of(IntStream.range(0, group.units()).boxed().toList())
                : group.blocks();
        return blocks.stream()
                .flatMap(block -> block.stream().sorted().skip(block.size() / 2))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("archives")
    void noFamilyIsMadeWorse(FamilyArchive archive) throws IOException {
        Optional<DescribedModel> readable = readable(archive);
        Map<String, List<Integer>> remove =
                readable.map(m -> CutOracles.someOfAll(m, 0.4, 5)).orElse(Map.of());
        if (remove.isEmpty()) {
            return;
        }
        List<List<Tensor>> samples =
                IntStream.range(0, 40).mapToObj(archive::inputs).toList();
        List<StepReport> steps =
                recover(readable.get(), archive.path(), remove, samples, List.of(RecoveryStep.values()));
        assertThat(steps)
                .allSatisfy(step -> assertThat(step.divergenceAfter())
                        .as(step.toString())
                        .matches(after -> !step.kept() || after < step.divergenceBefore()));
        List<List<Tensor>> heldOut = samples;
        Divergence.Measured now = measured(archive.path(), folder.resolve("recovered.pt"), heldOut);
        assertThat(now.divergence()).isFinite();
    }

    private List<StepReport> recover(
            DescribedModel model,
            Path original,
            Map<String, List<Integer>> remove,
            List<List<Tensor>> samples,
            List<RecoveryStep> steps)
            throws IOException {
        Path cut = folder.resolve("cut.pt");
        BuiltVersion built =
                new VersionBuilder(ENGINE.runtime()).build(model, remove, cut, new EquivalenceInputs(1, 5, List.of()));
        return new Recovery(ENGINE.runtime(), SHORT, Checkpoints.in(folder))
                .recover(
                        new Recovery.Cut(original, cut, built.report().tensors(), InputShapes.of(model.descriptor())),
                        InputSource.of(samples),
                        steps,
                        folder.resolve("recovered.pt"),
                        Recovery.Listener.NONE);
    }

    private static double largestDifference(Path one, Path other, List<List<Tensor>> inputs) {
        double difference = 0;
        double magnitude = 0;
        try (LoadedModel whole = ENGINE.runtime().load(one);
                LoadedModel recovered = ENGINE.runtime().load(other)) {
            for (List<Tensor> input : inputs) {
                double[] expected = whole.forward(input).get(0).reals();
                double[] actual = recovered.forward(input).get(0).reals();
                for (int i = 0; i < expected.length; i++) {
                    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
                    magnitude = Math.max(magnitude, Math.abs(expected[i]));
                }
            }
        }
        return difference / magnitude;
    }

    private static Divergence.Measured measured(Path original, Path recovered, List<List<Tensor>> inputs) {
        Divergence divergence = new Divergence();
        try (LoadedModel whole = ENGINE.runtime().load(original);
                LoadedModel smaller = ENGINE.runtime().load(recovered)) {
            inputs.forEach(input -> divergence.add(whole.forward(input), smaller.forward(input)));
        }
        return divergence.measured();
    }

    private static List<List<Tensor>> random(List<InputSpec> specs, int count, long seed) {
        RandomInputs random = RandomInputs.of(specs, seed);
        List<List<Tensor>> inputs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            inputs.add(random.next());
        }
        return inputs;
    }

    private static Optional<DescribedModel> readable(FamilyArchive archive) throws IOException {
        try {
            return Optional.of(archive.describe(ENGINE.runtime()));
        } catch (ModelFormatException | ModelInputException | ModelRuntimeException e) {
            // Which archives are refused is held elsewhere.
            return Optional.empty();
        }
    }
}
