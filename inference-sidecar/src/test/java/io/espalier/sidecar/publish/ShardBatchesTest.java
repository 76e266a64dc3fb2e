package io.espalier.sidecar.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.sidecar.Descriptors;
import io.espalier.sidecar.sampling.Sample;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShardBatchesTest {
    @Test
    void everyShardCarriesItsUnitsOfEachSample() {
        CapturePoint wide = new CapturePoint("wide", "g", 4096, 64);
        CapturePoint narrow = new CapturePoint("narrow", "h", 3, 2);
        ShardBatches batches = new ShardBatches(Descriptors.withPoints(wide, narrow), "me", 32, false);
        Random random = new Random(5);
        float[] a = gaussians(random, 2 * 4096 * 64);
        float[] b = gaussians(random, 2 * 3 * 2);
        assertThat(batches.add(new Sample(List.of(a, b), 1))).isTrue();
        assertThat(batches.add(new Sample(List.of(a, b), 0))).isTrue();
        List<ActivationBatch> built = batches.build();

        assertThat(built.stream()
                        .filter(batch -> batch.getCapturePoint().equals("wide"))
                        .mapToInt(ActivationBatch::getUnits)
                        .sum())
                .isEqualTo(4096);
        assertThat(built).hasSizeGreaterThan(2);
        for (ActivationBatch batch : built) {
            byte[] bytes = Codecs.ACTIVATION_BATCH.encode(batch);
            assertThat(bytes.length).isLessThanOrEqualTo(BatchBuilder.MAX_MESSAGE_BYTES);
            Codecs.ACTIVATION_BATCH.decode(bytes);
            assertThat(batch.getSamples()).isEqualTo(2);
            boolean isWide = batch.getCapturePoint().equals("wide");
            checkBits(batch, isWide ? a : b, isWide ? 4096 : 3, isWide ? 64 : 2);
        }
    }

    private static void checkBits(ActivationBatch batch, float[] values, int units, int positions) {
        int words = (batch.getUnits() * positions + 63) / 64;
        for (int sample = 0; sample < 2; sample++) {
            int row = sample == 0 ? 1 : 0;
            for (int unit = 0; unit < batch.getUnits(); unit++) {
                for (int position = 0; position < positions; position++) {
                    int bit = unit * positions + position;
                    int published = batch.getCodes().byteAt(sample * words * 8 + bit / 8) >> (bit % 8) & 1;
                    float raw = values[(row * units + batch.getFirstUnit() + unit) * positions + position];
                    assertThat(published).isEqualTo(raw > 0 ? 1 : 0);
                }
            }
        }
    }

    @Test
    void productsAreSentOnlyWhenAskedForAndOfPointsThatTheyFit() {
        CapturePoint wide = new CapturePoint("wide", "g", 257, 1);
        CapturePoint narrow = new CapturePoint("narrow", "h", 3, 2);
        CapturePoint widest = new CapturePoint("widest", "i", 256, 64);
        Sample sample = new Sample(List.of(new float[257], new float[] {1, 2, 0, -1, 3, 0}, new float[256 * 64]), 0);
        ShardBatches asked = new ShardBatches(Descriptors.withPoints(wide, narrow, widest), "me", 32, true);
        assertThat(asked.add(sample)).isTrue();
        List<ActivationBatch> built = asked.build();
        assertThat(built).extracting(ActivationBatch::getProductsCount).containsExactly(0, 6, 256 * 257 / 2);
        assertThat(built.get(1).getProductsList()).containsExactly(5.0, -2.0, 3.0, 1.0, 0.0, 9.0);
        assertThat(asked.withoutProducts()).containsExactly("wide");
        for (ActivationBatch batch : built) {
            byte[] bytes = Codecs.ACTIVATION_BATCH.encode(batch);
            assertThat(bytes.length).isLessThanOrEqualTo(BatchBuilder.MAX_MESSAGE_BYTES);
            assertThat(Codecs.ACTIVATION_BATCH.decode(bytes)).isEqualTo(batch);
        }
        // Of as many samples the codes alone leave no room.
        assertThat(new ShardBatches(Descriptors.withPoints(widest), "me", 128, true).withoutProducts())
                .containsExactly("widest");
        ShardBatches unasked = new ShardBatches(Descriptors.withPoints(wide, narrow, widest), "me", 32, false);
        unasked.add(sample);
        assertThat(unasked.build())
                .extracting(ActivationBatch::getProductsCount)
                .containsOnly(0);
        assertThat(unasked.withoutProducts()).isEmpty();
    }

    @Test
    void aSampleThatIsNotFiniteAtOnePointIsLeftOutOfAll() {
        CapturePoint first = new CapturePoint("first", "g", 2, 1);
        CapturePoint last = new CapturePoint("last", "h", 1, 2);
        ShardBatches batches = new ShardBatches(Descriptors.withPoints(first, last), "me", 32, false);
        float[] fine = {1, 2, 3, 4};
        assertThat(batches.add(new Sample(List.of(fine, new float[] {1, 1, Float.NaN, 1}), 1)))
                .isFalse();
        assertThat(batches.add(new Sample(List.of(fine, new float[] {1, 1, Float.NaN, 1}), 0)))
                .isTrue();
        assertThat(batches.samples()).isEqualTo(1);
        assertThat(batches.build()).extracting(ActivationBatch::getSamples).containsOnly(1);
        assertThat(batches.samples()).isZero();
    }

    private static float[] gaussians(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
