package io.espalier.sidecar.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.SamplingDirective;
import io.espalier.sidecar.Descriptors;
import io.espalier.sidecar.kafka.Complaints;
import io.espalier.sidecar.metrics.DirectiveMetrics;
import io.espalier.sidecar.sampling.SamplingRates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectivesTest {
    private static final long NOW = 1_760_000_000_000L;
    private static final long MINUTE = 60_000;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SamplingRates rates =
            new SamplingRates(Descriptors.withPoints(new CapturePoint("relu", "g", 3, 1)), 0.5);
    private final Directives directives = new Directives(
            new VersionKey("model", "1"),
            Duration.ofMinutes(15),
            rates,
            new DirectiveMetrics(registry),
            new Complaints("broker:9092"));

    @Test
    void theLatestHolds() {
        read(0, 0.5, NOW);
        read(0, 0.25, NOW + 1);
        directives.settle(NOW + 2);
        assertThat(rate()).isEqualTo(0.125);
        assertThat(count("applied"))
                .as("only the last of what was read together takes effect")
                .isEqualTo(1);
        read(0, 1, NOW + 3);
        directives.settle(NOW + 4);
        assertThat(rate()).isEqualTo(0.5);
    }

    @Test
    void otherModelsAndVersionsDoNotCount() {
        for (String key : new String[] {"model@2", "other@1", "model", ""}) {
            directives.read(0, bytes(key), directive("model", "1", 0.1), NOW);
        }
        directives.read(0, null, directive("model", "1", 0.1), NOW);
        directives.settle(NOW);
        assertThat(rate()).isEqualTo(0.5);
        assertThat(count("applied") + count("refused")).isZero();
    }

    @Test
    void whatIsNotRenewedIsLetGoOfOnceAndFollowedAgainWhenItIs() {
        read(0, 0.1, NOW);
        directives.settle(NOW);
        directives.settle(NOW + 15 * MINUTE);
        assertThat(rate()).isEqualTo(0.05);
        directives.settle(NOW + 15 * MINUTE + 1);
        directives.settle(NOW + 16 * MINUTE);
        assertThat(rate()).isEqualTo(0.5);
        assertThat(count("expired")).isEqualTo(1);
        read(0, 0.1, NOW + 17 * MINUTE);
        directives.settle(NOW + 17 * MINUTE);
        assertThat(rate()).isEqualTo(0.05);
    }

    @Test
    void oneThatIsTooOldWhenItIsReadIsNotFollowed() {
        read(0, 0.1, NOW - 16 * MINUTE);
        directives.settle(NOW);
        assertThat(rate()).isEqualTo(0.5);
        assertThat(count("applied")).isZero();
        assertThat(count("expired")).isEqualTo(1);
    }

    @Test
    void aDeletedOneIsLetGoOf() {
        read(0, 0.1, NOW);
        directives.settle(NOW);
        directives.read(0, bytes("model@1"), null, NOW + 1);
        directives.settle(NOW + 1);
        assertThat(rate()).isEqualTo(0.5);
        assertThat(count("expired")).isZero();
    }

    @Test
    void anOlderOneOfAnotherPartitionDoesNotCount() {
        read(3, 0.1, NOW);
        read(0, 0.2, NOW - 1);
        directives.settle(NOW);
        assertThat(rate()).isEqualTo(0.05);
        read(3, 0.4, NOW - 1);
        directives.settle(NOW);
        assertThat(rate())
                .as("a partition is in order, whatever its clocks say")
                .isEqualTo(0.2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "relu",
                "[]",
                "{\"schema\":2,\"model\":\"model\",\"version\":\"1\",\"rates\":{}}",
                "{\"schema\":1,\"model\":\"model\",\"version\":\"1\"}",
                "{\"schema\":1,\"model\":\"model\",\"version\":\"1\",\"rates\":{\"relu\":1.5}}",
                "{\"schema\":1,\"model\":\"model\",\"version\":\"1\",\"rates\":{\"relu\":\"NaN\"}}",
                "{\"schema\":1,\"model\":\"model\",\"version\":\"2\",\"rates\":{\"relu\":0.5}}"
            })
    void whatIsNotUnderstoodIsCountedAndTheLastThatWasHoldsOn(String value) {
        read(0, 0.1, NOW);
        directives.settle(NOW);
        directives.read(0, bytes("model@1"), bytes(value), NOW + 1);
        directives.settle(NOW + 1);
        assertThat(rate()).isEqualTo(0.05);
        assertThat(count("refused")).isEqualTo(1);
    }

    @Test
    void samplingIsAsConfiguredOnceNobodyReadsOn() {
        read(0, 0.1, NOW);
        directives.settle(NOW);
        directives.stop();
        assertThat(rate()).isEqualTo(0.5);
    }

    private void read(int partition, double share, long timestampMs) {
        directives.read(partition, bytes("model@1"), directive("model", "1", share), timestampMs);
    }

    private static byte[] directive(String model, String version, double share) {
        return Codecs.SAMPLING_DIRECTIVE.encode(new SamplingDirective(model, version, Map.of("relu", share)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private double rate() {
        return rates.current().rate(0);
    }

    private double count(String outcome) {
        return registry.get("espalier.directives")
                .tag("outcome", outcome)
                .counter()
                .count();
    }
}
