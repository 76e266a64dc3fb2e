package io.espalier.streams.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.VersionKey;
import io.espalier.streams.metrics.ModelStateMeters.Bytes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ModelStateMetersTest {
    private static final VersionKey ONE = new VersionKey("m", "1");
    private static final VersionKey TWO = new VersionKey("m", "2");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ModelStateMeters meters = new ModelStateMeters(registry);

    @Test
    void tasksThatShareAVersionAddUpAndAVersionGoesWithTheLastOfThem() {
        meters.holds("0_0", Map.of(ONE, new Bytes(100, 10), TWO, new Bytes(7, 3)));
        meters.holds("0_1", Map.of(ONE, new Bytes(200, 20)));
        assertThat(gauge(ModelStateMeters.MOST, "1")).isEqualTo(300);
        assertThat(gauge(ModelStateMeters.WRITTEN, "1")).isEqualTo(30);
        assertThat(gauge(ModelStateMeters.MOST, "2")).isEqualTo(7);

        meters.holds("0_0", Map.of(ONE, new Bytes(50, 5)));
        assertThat(gauge(ModelStateMeters.MOST, "1")).isEqualTo(250);
        assertThat(registry.find(ModelStateMeters.MOST).tag("version", "2").gauge())
                .isNull();

        meters.holds("0_1", Map.of());
        assertThat(gauge(ModelStateMeters.MOST, "1")).isEqualTo(50);
        meters.holds("0_0", Map.of());
        meters.holds("0_0", Map.of());
        assertThat(registry.getMeters()).isEmpty();
    }

    private double gauge(String name, String version) {
        return registry.get(name).tag("version", version).gauge().value();
    }
}
