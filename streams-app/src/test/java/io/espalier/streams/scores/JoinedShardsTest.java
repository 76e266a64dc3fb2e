package io.espalier.streams.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.streams.testing.Models;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JoinedShardsTest {
    private static final CapturePoint POINT = new CapturePoint(Models.POINT, Models.GROUP, 4, 4);
    private static final Expressiveness LOW = Models.scores("1", 0, 100, 0.1, 0.2);
    private static final Expressiveness HIGH = Models.scores("1", 2, 90, 0.3, 0.4);

    @Test
    void shardsAreJoinedInTheOrderOfTheirUnitsAndCountAsTheFewestSamples() {
        Expressiveness joined = JoinedShards.of(POINT, List.of(HIGH, LOW)).orElseThrow();
        assertThat(joined.score()).containsExactly(0.1, 0.2, 0.3, 0.4);
        assertThat(joined.samples()).isEqualTo(90);
    }

    @Test
    void aStatisticIsKnownOfThePointWhenItIsOfAllItsShards() {
        Expressiveness low = with(LOW, new double[] {1, 2}, new double[] {3, 4}, null);
        Expressiveness high = with(HIGH, new double[] {5, 6}, null, null);
        Expressiveness joined = JoinedShards.of(POINT, List.of(low, high)).orElseThrow();
        assertThat(joined.mean()).containsExactly(1, 2, 5, 6);
        assertThat(joined.variance()).isNull();
        assertThat(joined.zeroShare()).isNull();
    }

    @Test
    void whatPartsOfTheUnitsLeaveUnexplainedIsNotWhatAllOfThemDo() {
        Expressiveness low = with(LOW, null, null, new double[] {1, 2});
        Expressiveness high = with(HIGH, null, null, new double[] {3, 4});
        assertThat(JoinedShards.of(POINT, List.of(low, high)).orElseThrow().residualVariance())
                .isNull();
        CapturePoint half = new CapturePoint(Models.POINT, Models.GROUP, 2, 4);
        assertThat(JoinedShards.of(half, List.of(low)).orElseThrow().residualVariance())
                .containsExactly(1, 2);
    }

    private static Expressiveness with(Expressiveness shard, double[] mean, double[] variance, double[] residual) {
        return new Expressiveness(
                shard.model(),
                shard.version(),
                shard.capturePoint(),
                shard.firstUnit(),
                shard.units(),
                shard.positions(),
                shard.window(),
                shard.samples(),
                shard.score(),
                null,
                mean,
                variance,
                null,
                residual,
                null,
                null,
                null);
    }

    @Test
    void shardsThatOverlapOrLeaveAGapHaveNoScoreTogetherThoughTheirUnitsAddUp() {
        assertThat(JoinedShards.of(POINT, List.of(LOW, Models.scores("1", 1, 100, 0.3, 0.4))))
                .isEmpty();
        assertThat(JoinedShards.of(POINT, List.of(LOW, Models.scores("1", 3, 100, 0.3, 0.4))))
                .isEmpty();
        assertThat(JoinedShards.of(POINT, List.of(LOW, Models.scores("1", 2, 9, 0.3, 0.4, 0.5))))
                .isEmpty();
    }

    @Test
    void thereIsNoScoreWhileAShardIsMissing() {
        assertThat(JoinedShards.of(POINT, List.of())).isEmpty();
        assertThat(JoinedShards.of(POINT, List.of(LOW))).isEmpty();
        assertThat(JoinedShards.of(POINT, List.of(HIGH))).isEmpty();
    }
}
