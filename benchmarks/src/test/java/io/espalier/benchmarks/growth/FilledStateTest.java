package io.espalier.benchmarks.growth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilledStateTest {
    @Test
    void changelogIsWhatTheFormulaSaysAndTheKeys(@TempDir Path stateDir) {
        Growth growth = new Growth("two", 2, List.of(new Growth.Layer(64, 64, 2), new Growth.Layer(33, 49, 1)), 3, 100);
        try (FilledState state = new FilledState(growth, stateDir)) {
            int records = 2 * 3 * 3;
            long perKey = "model0@1/layer0.0/0".length() + 1L + Long.BYTES;
            assertThat(state.changelogBytes()).isEqualTo(growth.bytes() + records * perKey);
        }
    }

    @Test
    void resNet50HasTheUnitsOfItsReluOutputs() {
        // 64, then 3, 4, 6 and 3 bottleneck blocks of w, w and 4w channels.
        int units = 64 + 6 * (3 * 64 + 4 * 128 + 6 * 256 + 3 * 512);
        assertThat(Growth.RESNET50.stream()
                        .mapToInt(layer -> layer.units() * layer.count())
                        .sum())
                .isEqualTo(units);
        assertThat(Growth.RESNET50.stream().mapToInt(Growth.Layer::count).sum()).isEqualTo(49);
        assertThat((double) new Growth("", 1, Growth.RESNET50, 1, 1).counters()).isCloseTo(1.32e6, within(1e4));
    }
}
