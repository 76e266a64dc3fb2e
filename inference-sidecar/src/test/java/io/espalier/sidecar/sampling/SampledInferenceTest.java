package io.espalier.sidecar.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.ModelRuntimeException;
import io.espalier.runtime.RandomInputs;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.runtime.SampledModel;
import io.espalier.runtime.Tensor;
import io.espalier.sidecar.metrics.SampleMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SampledInferenceTest {
    private static final Path MODEL = Path.of("../model-runtime/src/test/resources/io/espalier/runtime/classifier.pt");

    private static ModelRuntime runtime;
    private static SampledModel model;
    private static ModelDescriptor descriptor;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SampleQueue queue = new SampleQueue(4);

    @BeforeAll
    static void load() throws IOException {
        runtime = ModelRuntime.start(RuntimeSettings.fromEnvironment(1));
        DescribedModel described =
                new ModelDescriber(runtime).describe(MODEL, "model", "1", List.of(new long[] {1, 1, 8, 8}));
        descriptor = described.descriptor();
        model = SampledModel.load(runtime, described.archive(), described.analysis());
    }

    @AfterAll
    static void close() {
        model.close();
        runtime.close();
    }

    @Test
    void aRateOfZeroSamplesNothingAndOfOneEverything() {
        List<Tensor> input = inputs(1, 8);
        assertThat(inference(0)
                        .infer(input, 1)
                        .get(0)
                        .sameBits(model.forward(input).get(0)))
                .isTrue();
        assertThat(queue.size()).isZero();
        assertThat(inference(1)
                        .infer(input, 1)
                        .get(0)
                        .sameBits(model.forward(input).get(0)))
                .isTrue();
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void aDirectiveTakesCapturePointsOutOfSamplesAndWholeSamplesWhereNoPointWantsThem() {
        SamplingRates rates = new SamplingRates(descriptor, 1);
        SampledInference directed = inference(rates);
        List<Tensor> input = inputs(1, 8);
        List<String> points =
                descriptor.capturePoints().stream().map(CapturePoint::name).toList();
        assertThat(points).hasSizeGreaterThan(1);
        rates.direct(Map.of(points.get(0), 0.0));
        directed.infer(input, 1);
        assertThat(queue.poll().points().stream()).hasSize(points.size() - 1).doesNotContain(0);
        rates.direct(points.stream().collect(Collectors.toMap(point -> point, point -> 0.0)));
        directed.infer(input, 1);
        assertThat(queue.poll()).isNull();
        rates.release();
        directed.infer(input, 1);
        assertThat(queue.poll().points().cardinality()).isEqualTo(points.size());
        assertThat(registry.get("espalier.sampled.requests").counter().count()).isEqualTo(2);
    }

    @Test
    void whenSamplingFailsTheRequestIsAnsweredWithoutIt() {
        // Too small for the positions that are picked, and no matter to the model, which averages over them.
        List<Tensor> small = inputs(2, 3);
        assertThatExceptionOfType(ModelRuntimeException.class).isThrownBy(() -> model.forwardSampled(small));
        Tensor answer = inference(1).infer(small, 2).get(0);
        assertThat(answer.sameBits(model.forward(small).get(0))).isTrue();
        assertThat(dropped("capture_failed")).isEqualTo(2);
        assertThat(queue.size()).isZero();
        assertThat(registry.get("espalier.sampled.requests").counter().count()).isZero();
    }

    @Test
    void aFullQueueCostsTheSamplesAndNotTheAnswer() {
        SampledInference inference = inference(1);
        List<Tensor> input = inputs(3, 8);
        for (int i = 0; i < 3; i++) {
            assertThat(inference
                            .infer(input, 3)
                            .get(0)
                            .sameBits(model.forward(input).get(0)))
                    .isTrue();
        }
        assertThat(dropped("queue_full")).isEqualTo(6);
        assertThat(queue.size()).isEqualTo(3);
    }

    private SampledInference inference(double rate) {
        return inference(new SamplingRates(descriptor, rate));
    }

    private SampledInference inference(SamplingRates rates) {
        return new SampledInference(model, rates, new RequestDraws("me"), queue, new SampleMetrics(registry));
    }

    private double dropped(String reason) {
        return registry.get("espalier.samples.dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static List<Tensor> inputs(int rows, int size) {
        return new RandomInputs(List.of(new long[] {rows, 1, size, size}), 5).next();
    }
}
