package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StateSizeTest {
    /** Sixteen bits a position, and as much for a unit's sums as the formula has, in a pane that holds all it can. */
    @ParameterizedTest
    @CsvSource({"1, 1", "7, 49", "64, 64", "100, 1"})
    void aFullPaneTakesWhatTheFormulaSays(int units, int positions) {
        BatchBuilder builder = new BatchBuilder(new ShardKey("m", "1", "relu", 0), units, positions, "p");
        float[] ones = new float[units * positions];
        java.util.Arrays.fill(ones, 1);
        for (int sample = 0; sample < 15; sample++) {
            builder.add(ones, 0);
        }
        ActivationBatch batch = builder.build();
        PaneStatistics pane = PaneStatistics.create(units, positions);
        while (pane.hasRoomFor(batch.getSamples())) {
            pane.add(batch);
        }
        assertThat(pane.counters().samples()).isEqualTo(PaneStatistics.MAX_SAMPLES);
        // The same batch again and again has the same codes again and again: fifteen, or the four that fit.
        int words = OverlapCounters.wordsPerSample(units, positions);
        long codes = CodeSample.maxBytes(words) - pane.codes().bytes();
        assertThat(pane.toBytes().length + codes)
                .isLessThanOrEqualTo(StateSize.pane(units, positions, 0))
                .isGreaterThan(StateSize.pane(units, positions, 0) - 600);
        long counters = pane.counters().toBytes().length;
        assertThat(counters).isLessThanOrEqualTo(16L * words * 8 + 18);
    }
}
