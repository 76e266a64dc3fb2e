package io.espalier.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.PaneStatistics;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class BatchBuilderTest {
    @Property(tries = 100)
    void packsTheSignsAndSumsOfItsShard(
            @ForAll @IntRange(min = 1, max = 9) int units,
            @ForAll @IntRange(min = 1, max = 64) int positions,
            @ForAll @IntRange(min = 0, max = 3) int firstUnit,
            @ForAll long seed) {
        Random random = new Random(seed);
        BatchBuilder builder = builder(firstUnit, units, positions);
        int samples = 1 + random.nextInt(5);
        int[] positive = new int[units * positions];
        double[] sums = new double[units];
        double[] squares = new double[units];
        int offset = random.nextInt(3);
        for (int sample = 0; sample < samples; sample++) {
            float[] values = new float[offset + (firstUnit + units) * positions];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(3) == 0 ? 0 : (float) random.nextGaussian();
            }
            assertThat(builder.add(values, offset)).isTrue();
            for (int unit = 0; unit < units; unit++) {
                for (int position = 0; position < positions; position++) {
                    float value = values[offset + (firstUnit + unit) * positions + position];
                    positive[unit * positions + position] += value > 0 ? 1 : 0;
                    sums[unit] += value;
                    squares[unit] += (double) value * value;
                }
            }
        }
        ActivationBatch batch = Codecs.ACTIVATION_BATCH.decode(Codecs.ACTIVATION_BATCH.encode(builder.build()));
        PaneStatistics pane = PaneStatistics.create(units, positions);
        pane.add(batch);
        pane = PaneStatistics.fromBytes(pane.toBytes());
        assertThat(pane.counters().samples()).isEqualTo(samples);
        assertThat(pane.counters().counts()).isEqualTo(positive);
        for (int unit = 0; unit < units; unit++) {
            assertThat(pane.sum(unit)).isCloseTo(sums[unit], within(1e-9));
            assertThat(pane.squares(unit)).isCloseTo(squares[unit], within(1e-9));
        }
    }

    @Test
    void leavesOutASampleThatIsNotFinite() {
        BatchBuilder builder = builder(0, 2, 2);
        assertThat(builder.add(new float[] {1, Float.NaN, 0, 0}, 0)).isFalse();
        assertThat(builder.add(new float[] {1, 0, Float.POSITIVE_INFINITY, 0}, 0))
                .isFalse();
        assertThat(builder.samples()).isZero();
        assertThat(builder.add(new float[] {1, 0, -1, 0}, 0)).isTrue();
        assertThat(builder.build().getCodes().byteAt(0)).isEqualTo((byte) 1);
    }

    @Test
    void startsAfreshAfterEachBatchAndNumbersThem() {
        BatchBuilder builder = builder(0, 1, 1);
        builder.add(new float[] {2}, 0);
        ActivationBatch first = builder.build();
        builder.add(new float[] {3}, 0);
        ActivationBatch second = builder.build();
        assertThat(first.getSequence()).isZero();
        assertThat(second.getSequence()).isEqualTo(1);
        assertThat(second.getSamples()).isEqualTo(1);
        assertThat(second.getSums(0)).isEqualTo(3);
    }

    @Property(tries = 200)
    void shardsFitTheMessageLimit(
            @ForAll @IntRange(min = 1, max = 8192) int units,
            @ForAll @IntRange(min = 1, max = 64) int positions,
            @ForAll @IntRange(min = 1, max = 1000) int samples) {
        int shard = BatchBuilder.unitsPerShard(units, positions, samples);
        long codes = (long) OverlapCounters.wordsPerSample(shard, positions) * 8 * samples;
        assertThat(shard).isBetween(1, units);
        assertThat(codes + 16L * shard).isLessThan(BatchBuilder.MAX_MESSAGE_BYTES);
    }

    @Property(tries = 200)
    void whatFitsWithProductsIsUnderTheMessageLimitInOneShard(
            @ForAll @IntRange(min = 1, max = 300) int units,
            @ForAll @IntRange(min = 1, max = 64) int positions,
            @ForAll @IntRange(min = 1, max = 300) int samples) {
        boolean fits = BatchBuilder.fitsProducts(units, positions, samples);
        long bytes = (long) OverlapCounters.wordsPerSample(units, positions) * 8 * samples
                + 16L * units
                + 4L * units * (units + 1);
        assertThat(fits).isEqualTo(units <= 256 && bytes <= BatchBuilder.MAX_MESSAGE_BYTES - 4096);
        if (fits) {
            assertThat(BatchBuilder.unitsPerShard(units, positions, samples)).isEqualTo(units);
        }
    }

    @Test
    void productsStartAfreshWithEachBatch() {
        BatchBuilder builder = BatchBuilder.withProducts(new ShardKey("m", "1", "point", 0), 2, 2, "test");
        builder.add(new float[] {1, 2, 3, 4}, 0);
        assertThat(builder.add(new float[] {1, Float.NaN, 3, 4}, 0)).isFalse();
        assertThat(builder.build().getProductsList()).containsExactly(5.0, 11.0, 25.0);
        builder.add(new float[] {0, 1, 1, 0}, 0);
        assertThat(builder.build().getProductsList()).containsExactly(1.0, 0.0, 1.0);
        assertThat(builder(0, 2, 2).add(new float[4], 0)).isTrue();
    }

    @Test
    void saysWhenNotEvenOneUnitFits() {
        assertThatThrownBy(() -> BatchBuilder.unitsPerShard(1, 64, 100_000))
                .hasMessageContaining("take fewer samples a batch");
    }

    private static BatchBuilder builder(int firstUnit, int units, int positions) {
        return new BatchBuilder(new ShardKey("m", "1", "point", firstUnit), units, positions, "test");
    }
}
