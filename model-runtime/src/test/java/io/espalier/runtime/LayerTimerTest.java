package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.runtime.latency.LayerShape;
import io.espalier.runtime.latency.RepeatedTiming;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LayerTimerTest {
    private static final LayerShape CONVOLUTION = new LayerShape(
            List.of(1L, 16L, 16L), List.of(3L, 3L), List.of(1L, 1L), List.of(1L, 1L), List.of(1L, 1L), 1, 0, true);
    private static final LayerShape GROUPED = new LayerShape(
            List.of(1L, 16L, 16L), List.of(3L, 3L), List.of(2L, 2L), List.of(1L, 1L), List.of(1L, 1L), 4, 0, false);
    private static final LayerShape DEPTHWISE = new LayerShape(
            List.of(1L, 16L, 16L), List.of(3L, 3L), List.of(1L, 1L), List.of(1L, 1L), List.of(1L, 1L), 0, 2, false);
    private static final LayerShape LINEAR =
            new LayerShape(List.of(4L), List.of(), List.of(), List.of(), List.of(), 1, 0, true);

    @Test
    void timesEveryKindOfLayerAndAWiderOneLonger() {
        try (ModelRuntime runtime = TestRuntime.start()) {
            LayerTimer timer = new LayerTimer(runtime, RepeatedTiming.ofOperators(System::nanoTime));
            // 64 and 256 times the work: whatever else the machine does.
            assertThat(timer.time(CONVOLUTION, 128, 128).least())
                    .isGreaterThan(timer.time(CONVOLUTION, 16, 16).least());
            assertThat(timer.time(LINEAR, 2048, 2048).least())
                    .isGreaterThan(timer.time(LINEAR, 128, 128).least());
            assertThat(timer.time(GROUPED, 8, 2).least()).isPositive();
            assertThat(timer.time(DEPTHWISE, 6, 1).least()).isPositive();
            assertThat(LayerTimer.machine()).contains("1 threads, libtorch ");
        }
    }
}
