package io.espalier.runtime;

import static io.espalier.runtime.TestRuntime.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.record.CostTerm;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.IllegalPlanException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionBuilderTest {
    private static final double TOLERANCE = 1e-4;

    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @TempDir
    private Path folder;

    private final VersionBuilder builder = new VersionBuilder(ENGINE.runtime());

    @ParameterizedTest
    @CsvSource({"classifier.pt, 1, 8", "residual.pt, 2, 12", "residual-frozen.pt, 2, 12"})
    void aCutModelComputesWhatTheZeroedOneDoes(String file, int channels, int size) throws IOException {
        List<long[]> shapes = List.of(new long[] {1, channels, size, size});
        ModelDescriptor model = new ModelDescriber(ENGINE.runtime())
                .describe(fixture(file), "model", "1", shapes)
                .descriptor();
        EquivalenceInputs inputs = new EquivalenceInputs(
                4, 9, List.of(new RandomInputs(List.of(new long[] {3, channels, size, size}), 2).next()));
        assertThat(model.groups()).isNotEmpty();
        for (ModelDescriptor.Group group : model.groups()) {
            check(fixture(file), model, Map.of(group.id(), everyOther(group)), inputs);
        }
        Map<String, List<Integer>> half = new TreeMap<>();
        model.groups().forEach(group -> half.put(group.id(), everyOther(group)));
        check(fixture(file), model, half, inputs);
    }

    private void check(Path parent, ModelDescriptor model, Map<String, List<Integer>> remove, EquivalenceInputs inputs)
            throws IOException {
        Path target = folder.resolve("cut.pt");
        BuiltVersion built = builder.build(parent, model, remove, target, inputs);
        assertThat(built.maxRelativeError()).as("cut %s", remove.keySet()).isLessThanOrEqualTo(TOLERANCE);
        assertThat(built.randomInputs()).isEqualTo(4);
        assertThat(built.sampledInputs()).isEqualTo(1);
        assertThat(built.sha256()).isEqualTo(Sha256.of(target));
        Map<String, Integer> kept = new TreeMap<>();
        model.groups()
                .forEach(group -> kept.put(
                        group.id(),
                        group.units()
                                - remove.getOrDefault(group.id(), List.of()).size()));
        assertThat(built.params())
                .isEqualTo(CostTerm.total(model.paramTerms(), kept))
                .isLessThan(model.params());
        assertThat(built.macs())
                .isEqualTo(CostTerm.total(model.macTerms(), kept))
                .isLessThan(model.macs());
    }

    @Test
    void theCheckSeesAWrongCut() throws IOException {
        // What the comparison is worth: the cut model against the parent itself, whose units all still speak.
        List<long[]> shapes = List.of(new long[] {1, 1, 8, 8});
        Path parent = fixture("classifier.pt");
        ModelDescriptor model = new ModelDescriber(ENGINE.runtime())
                .describe(parent, "model", "1", shapes)
                .descriptor();
        Path target = folder.resolve("cut.pt");
        builder.build(parent, model, Map.of("conv1", List.of(0, 5)), target, new EquivalenceInputs(1, 1, List.of()));
        try (LoadedModel cut = ENGINE.runtime().load(target);
                LoadedModel whole = ENGINE.runtime().load(parent)) {
            Equivalence equivalence = new Equivalence();
            equivalence.compare(cut, whole, new RandomInputs(shapes, 4).next());
            assertThat(equivalence.maxRelativeError()).isGreaterThan(10 * TOLERANCE);
        }
    }

    @Test
    void anotherFileThanTheDescribedIsRefused() throws IOException {
        ModelDescriptor model = new ModelDescriber(ENGINE.runtime())
                .describe(fixture("classifier.pt"), "model", "1", List.of(new long[] {1, 1, 8, 8}))
                .descriptor();
        assertThatExceptionOfType(ModelRuntimeException.class)
                .isThrownBy(() -> builder.build(
                        fixture("residual.pt"),
                        model,
                        Map.of("conv1", List.of(1)),
                        folder.resolve("cut.pt"),
                        new EquivalenceInputs(1, 1, List.of())))
                .withMessageContainingAll("residual.pt", "sha256", "model@1");
        assertThatExceptionOfType(IllegalPlanException.class)
                .isThrownBy(() -> builder.build(
                        fixture("classifier.pt"),
                        model,
                        Map.of("conv9", List.of(1)),
                        folder.resolve("cut.pt"),
                        new EquivalenceInputs(1, 1, List.of())))
                .withMessageContaining("conv9");
    }

    private static List<Integer> everyOther(ModelDescriptor.Group group) {
        return IntStream.range(0, group.units())
                .filter(unit -> unit % 2 == 1)
                .boxed()
                .toList();
    }
}
