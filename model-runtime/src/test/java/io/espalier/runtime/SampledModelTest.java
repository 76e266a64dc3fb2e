package io.espalier.runtime;

import static io.espalier.runtime.TestRuntime.fixture;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampledModelTest {
    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    @ParameterizedTest
    @CsvSource({
        "classifier.pt, '1,1,8,8', 1",
        "classifier.pt, '1,1,8,8', 5",
        "residual.pt, '1,2,12,12', 3",
        "residual-frozen.pt, '1,2,12,12', 3"
    })
    void samplingChangesNoBitOfTheAnswer(String file, String shape, int rows) throws IOException {
        long[] input = shape(shape);
        DescribedModel described =
                new ModelDescriber(ENGINE.runtime()).describe(fixture(file), "model", "1", List.of(input.clone()));
        input[0] = rows;
        RandomInputs inputs = new RandomInputs(List.of(input), 11);
        try (SampledModel sampled = SampledModel.load(ENGINE.runtime(), described.archive(), described.analysis());
                LoadedModel original = ENGINE.runtime().load(fixture(file))) {
            // Often: the engine may rewrite a method after its first runs.
            for (int call = 0; call < 25; call++) {
                List<Tensor> input1 = inputs.next();
                Tensor plain = original.forward(input1).get(0);
                assertThat(sampled.forward(input1).get(0).sameBits(plain)).isTrue();
                SampledModel.Sampled seen = sampled.forwardSampled(input1);
                assertThat(seen.outputs()).hasSize(1);
                assertThat(seen.outputs().get(0).sameBits(plain)).isTrue();
                assertThat(seen.captured()).hasSameSizeAs(described.descriptor().capturePoints());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"residual.pt, '1,2,12,12'", "residual-frozen.pt, '1,2,12,12'"})
    void everyRowOfABatchIsSampledAsItWouldBeAlone(String file, String shape) throws IOException {
        long[] input = shape(shape);
        DescribedModel described =
                new ModelDescriber(ENGINE.runtime()).describe(fixture(file), "model", "1", List.of(input));
        RandomInputs inputs = new RandomInputs(List.of(input), 12);
        Tensor a = inputs.next().get(0);
        Tensor b = inputs.next().get(0);
        try (SampledModel model = SampledModel.load(ENGINE.runtime(), described.archive(), described.analysis())) {
            List<float[]> together =
                    model.forwardSampled(List.of(stacked(a, b))).captured();
            List<float[]> first = model.forwardSampled(List.of(a)).captured();
            List<float[]> second = model.forwardSampled(List.of(b)).captured();
            List<CapturePoint> points = described.descriptor().capturePoints();
            for (int i = 0; i < points.size(); i++) {
                int length = points.get(i).units() * points.get(i).positions();
                assertThat(together.get(i)).hasSize(2 * length);
                assertThat(first.get(i)).hasSize(length);
                for (int j = 0; j < length; j++) {
                    assertThat(together.get(i)[j]).isCloseTo(first.get(i)[j], within());
                    assertThat(together.get(i)[length + j]).isCloseTo(second.get(i)[j], within());
                }
            }
        }
    }

    /** Plain PyTorch's bits and outputs, by hooks on the model's own modules: src/test/python/make_fixtures.py. */
    @Test
    void capturedValuesAreThoseOfPlainPyTorch() throws IOException {
        Map<String, Tensor> expected = Npz.read(fixture("residual-codes.npz"));
        Tensor x = expected.get("x");
        DescribedModel described = new ModelDescriber(ENGINE.runtime())
                .describe(fixture("residual.pt"), "model", "1", List.of(new long[] {1, 2, 12, 12}));
        try (SampledModel model = SampledModel.load(ENGINE.runtime(), described.archive(), described.analysis())) {
            SampledModel.Sampled sampled = model.forwardSampled(List.of(x));
            assertThat(model.capturePoints()).hasSize(6);
            for (int i = 0; i < 6; i++) {
                Tensor bits = expected.get(model.capturePoints().get(i).name());
                float[] values = sampled.captured().get(i);
                assertThat(bits.data()).hasSameSizeAs(values);
                for (int j = 0; j < values.length; j++) {
                    assertThat(values[j] > 0).isEqualTo(bits.data()[j] == 1);
                }
            }
            float[] y = expected.get("y").toFloats().data();
            assertThat(sampled.outputs().get(0).toFloats().data()).containsExactly(y, within());
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        // A batch may be computed in another order of additions.
        return org.assertj.core.data.Offset.offset(1e-4f);
    }

    private static Tensor stacked(Tensor a, Tensor b) {
        long[] shape = a.shape().clone();
        shape[0] = 2;
        byte[] data = java.util.Arrays.copyOf(a.data(), 2 * a.data().length);
        System.arraycopy(b.data(), 0, data, a.data().length, b.data().length);
        return new Tensor(a.type(), shape, data);
    }

    private static long[] shape(String text) {
        return java.util.Arrays.stream(text.split(","))
                .mapToLong(Long::parseLong)
                .toArray();
    }
}
