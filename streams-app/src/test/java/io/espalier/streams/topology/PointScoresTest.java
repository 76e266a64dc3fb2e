package io.espalier.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.planner.PointScore;
import io.espalier.streams.testing.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PointScoresTest {
    @Test
    void joinsShardsInOrderOfTheirUnitsWithTheSamplesOfTheLeastSeen() {
        PointScore joined = PointScores.join(
                        List.of(Models.scores("1", 2, 50, 0.3), Models.scores("1", 0, 70, 0.1, 0.2)), 3)
                .orElseThrow();
        assertThat(joined.samples()).isEqualTo(50);
        assertThat(joined.expressiveness()).containsExactly(0.1, 0.2, 0.3);
    }

    @Test
    void isEmptyWhileAShardIsMissing() {
        assertThat(PointScores.join(List.of(), 3)).isEmpty();
        assertThat(PointScores.join(List.of(Models.scores("1", 0, 70, 0.1, 0.2)), 3))
                .isEmpty();
        assertThat(PointScores.join(List.of(Models.scores("1", 1, 70, 0.1, 0.2)), 3))
                .isEmpty();
    }

    @Test
    void isEmptyWhenShardsOverlapOrPassTheCapturePoint() {
        assertThat(PointScores.join(List.of(Models.scores("1", 0, 9, 0.1, 0.2), Models.scores("1", 1, 9, 0.2, 0.3)), 3))
                .isEmpty();
        assertThat(PointScores.join(List.of(Models.scores("1", 0, 9, 0.1, 0.2, 0.3, 0.4)), 3))
                .isEmpty();
    }
}
