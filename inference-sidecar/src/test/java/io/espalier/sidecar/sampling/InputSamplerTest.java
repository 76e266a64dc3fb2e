package io.espalier.sidecar.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.codec.Codecs;
import io.espalier.runtime.Tensor;
import io.espalier.sidecar.Descriptors;
import io.espalier.sidecar.metrics.InputMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InputSamplerTest {
    private final AtomicLong now = new AtomicLong(-5);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InputSampler sampler = new InputSampler(
            Descriptors.withPoints(), "me", Duration.ofSeconds(1), now::get, new InputMetrics(registry));

    @Test
    void oneInputIsTakenPerInterval() {
        for (int millis = 0; millis < 3500; millis += 10) {
            sampler.offer(batch(1), 1);
            now.addAndGet(Duration.ofMillis(10).toNanos());
        }
        int taken = 0;
        while (sampler.poll() != null) {
            taken++;
        }
        assertThat(taken).isEqualTo(4);
    }

    @Test
    void aSampleIsOneRowAsItWasAsked() {
        sampler.offer(batch(3), 3);
        InputSample sample = Codecs.INPUT_SAMPLE.decode(Codecs.INPUT_SAMPLE.encode(sampler.poll()));
        assertThat(sample.getModel()).isEqualTo("model");
        assertThat(sample.getPublisher()).isEqualTo("me");
        assertThat(sample.getInputs(0).getShapeList()).containsExactly(1L, 2L);
        float first = sample.getInputs(0)
                .getData()
                .asReadOnlyByteBuffer()
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getFloat();
        assertThat(first).isIn(0f, 2f, 4f);
    }

    @Test
    void whatHasNoPlaceIsCounted() {
        for (int i = 0; i < 70; i++) {
            sampler.offer(batch(1), 1);
            now.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(registry.get("espalier.inputs.dropped").counter().count()).isEqualTo(6);
    }

    private static List<Tensor> batch(int rows) {
        float[] data = new float[rows * 2];
        for (int i = 0; i < data.length; i++) {
            data[i] = i;
        }
        return List.of(Tensor.ofFloats(new long[] {rows, 2}, data));
    }
}
