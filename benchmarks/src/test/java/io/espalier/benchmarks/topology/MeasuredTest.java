package io.espalier.benchmarks.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.benchmarks.topology.ActivationsTopic.Filled;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MeasuredTest {
    private static final Filled FILLED = new Filled(1000, 50);

    @Test
    void leavesOutTheWarmUpAndTheWaitingAtTheEnd() {
        List<Progress> progress = List.of(
                new Progress(0, 0, 0, 0),
                new Progress(1000, 100, 10, 0),
                new Progress(2000, 300, 1000, 1_000_000_000),
                new Progress(3000, 650, 2000, 0),
                new Progress(4000, 1000, 4500, 3_800_000_000L),
                new Progress(9000, 1000, 4500, 0));
        Measured measured = Measured.of(progress, FILLED, 60_000, 0.3, 1, 7);
        assertThat(measured.recordsPerSecond()).isEqualTo(350);
        assertThat(measured.bytesPerSecond()).isEqualTo(350 * 50);
        assertThat(measured.recordsPerCpuSecond()).isEqualTo(250);
        assertThat(measured.changelogShare()).isEqualTo(3500 / (700.0 * 50));
    }

    @Test
    void takesAContenderThatIsTooSlowByWhatItDidInItsTime() {
        List<Progress> progress = List.of(
                new Progress(0, 1, 0, 0),
                new Progress(1000, 10, 0, 0),
                new Progress(3000, 40, 0, 0),
                new Progress(10_000, 180, 0, 0));
        assertThat(Measured.of(progress, FILLED, 10_000, 0.3, 1, 7).recordsPerSecond())
                .isEqualTo(20);
    }

    @Test
    void refusesToJudgeByTheWarmUp() {
        List<Progress> progress = List.of(new Progress(0, 1, 0, 0), new Progress(1000, 1000, 0, 0));
        assertThatThrownBy(() -> Measured.of(progress, FILLED, 10_000, 0.3, 1, 7))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void countsProcessesTogetherFromWhenBothSpeak() {
        List<Progress> one =
                List.of(new Progress(0, 5, 1, 0), new Progress(100, 10, 2, 0), new Progress(200, 20, 3, 0));
        List<Progress> other = List.of(new Progress(150, 7, 1, 0), new Progress(250, 9, 2, 0));
        assertThat(Progress.together(List.of(one, other)))
                .containsExactly(new Progress(150, 17, 3, 0), new Progress(200, 27, 4, 0), new Progress(250, 29, 5, 0));
    }
}
