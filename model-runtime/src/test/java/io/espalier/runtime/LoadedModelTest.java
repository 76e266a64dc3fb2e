package io.espalier.runtime;

import static io.espalier.runtime.TestRuntime.fixture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.Datatype;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelTest {
    private static final List<long[]> IMAGE = List.of(new long[] {1, 1, 8, 8});

    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @Test
    void concurrentCallsAnswerAsOneAlone() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (LoadedModel model = ENGINE.runtime().load(fixture("classifier.pt"))) {
            List<List<Tensor>> inputs = IntStream.range(0, 40)
                    .mapToObj(i -> new RandomInputs(IMAGE, i).next())
                    .toList();
            List<List<Tensor>> alone = inputs.stream().map(model::forward).toList();
            List<Future<List<Tensor>>> together = inputs.stream()
                    .map(input -> pool.submit(() -> model.forward(input)))
                    .toList();
            for (int i = 0; i < inputs.size(); i++) {
                assertThat(together.get(i).get().get(0).sameBits(alone.get(i).get(0)))
                        .isTrue();
            }
            assertThat(alone.get(0).get(0).sameBits(alone.get(1).get(0))).isFalse();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void repeatedCallsAnswerTheSameBits() {
        try (LoadedModel model = ENGINE.runtime().load(fixture("classifier.pt"))) {
            List<Tensor> input = new RandomInputs(IMAGE, 3).next();
            Tensor first = model.forward(input).get(0);
            assertThat(IntStream.range(0, 25))
                    .allMatch(i -> model.forward(input).get(0).sameBits(first));
        }
    }

    @Test
    void dictionaryOutputsComeByKeyInTheirOwnTypes() {
        try (LoadedModel model = ENGINE.runtime().load(fixture("many-outputs.pt"))) {
            Tensor a = Tensor.ofFloats(new long[] {1, 4}, 1, 7, 3, 4);
            Tensor b = Tensor.ofFloats(new long[] {1, 4}, 1, 1, 1, 2);
            List<Tensor> outputs = model.forward(List.of(a, b));
            assertThat(outputs)
                    .extracting(output -> output.toFloats().data())
                    .containsExactly(new float[] {0, 6, 2, 2}, new float[] {1}, new float[] {2, 8, 4, 6});
            assertThat(outputs).extracting(Tensor::type).containsExactly(Datatype.FP32, Datatype.INT64, Datatype.FP32);
        }
    }

    @Test
    void wrongShapesGiveOneLineThatNamesThem() {
        try (LoadedModel model = ENGINE.runtime().load(fixture("classifier.pt"))) {
            List<Tensor> coloured = new RandomInputs(List.of(new long[] {1, 3, 8, 8}), 1).next();
            assertThatExceptionOfType(ModelRuntimeException.class)
                    .isThrownBy(() -> model.forward(coloured))
                    .satisfies(e -> assertThat(e.getMessage())
                            .contains("classifier.pt", "[1, 3, 8, 8]", "to have 1 channels")
                            .doesNotContain("\n"));
        }
    }

    @Test
    void missingInputsAndMethodsGiveOneLine() {
        try (LoadedModel model = ENGINE.runtime().load(fixture("classifier.pt"))) {
            assertThatExceptionOfType(ModelRuntimeException.class)
                    .isThrownBy(() -> model.forward(List.of()))
                    .satisfies(LoadedModelTest::oneLine);
            assertThatExceptionOfType(ModelRuntimeException.class)
                    .isThrownBy(() -> model.call("no_such_method", new RandomInputs(IMAGE, 1).next()))
                    .withMessageContaining("no_such_method")
                    .satisfies(LoadedModelTest::oneLine);
        }
    }

    @Test
    void outputsThatAreNoTensorsAreNamed() {
        try (LoadedModel model = ENGINE.runtime().load(fixture("no-tensor.pt"))) {
            assertThatExceptionOfType(ModelRuntimeException.class)
                    .isThrownBy(() -> model.forward(new RandomInputs(IMAGE, 1).next()))
                    .withMessageContaining("which is no tensor");
        }
    }

    @Test
    void filesThatAreNoArchiveGiveOneLine(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text.pt"), "not a model");
        Path truncated = folder.resolve("truncated.pt");
        byte[] whole = Files.readAllBytes(fixture("classifier.pt"));
        Files.write(truncated, java.util.Arrays.copyOf(whole, whole.length / 2));
        for (Path file : List.of(text, truncated, folder, folder.resolve("missing.pt"))) {
            assertThatExceptionOfType(ModelRuntimeException.class)
                    .isThrownBy(() -> ENGINE.runtime().load(file))
                    .withMessageContaining(file.toString())
                    .satisfies(LoadedModelTest::oneLine);
        }
    }

    @Test
    void aClosedModelRefusesCallsAndMayBeClosedAgain() {
        LoadedModel model = ENGINE.runtime().load(fixture("classifier.pt"));
        model.close();
        model.close();
        assertThatExceptionOfType(ModelRuntimeException.class)
                .isThrownBy(() -> model.forward(new RandomInputs(IMAGE, 1).next()))
                .withMessageContaining("closed");
    }

    private static void oneLine(Exception e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
    }
}
