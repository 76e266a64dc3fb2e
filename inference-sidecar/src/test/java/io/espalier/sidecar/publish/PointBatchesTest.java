package io.espalier.sidecar.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.sidecar.Descriptors;
import io.espalier.sidecar.metrics.SampleMetrics;
import io.espalier.sidecar.sampling.Sample;
import io.espalier.sidecar.sampling.SamplingRates;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PointBatchesTest {
    private static final long LINGER = 1000;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void everyShardCarriesItsUnitsOfEachSample() {
        CapturePoint wide = new CapturePoint("wide", "g", 4096, 64);
        CapturePoint narrow = new CapturePoint("narrow", "h", 3, 2);
        PointBatches batches = batches(32, false, wide, narrow);
        Random random = new Random(5);
        float[] a = gaussians(random, 2 * 4096 * 64);
        float[] b = gaussians(random, 2 * 3 * 2);
        assertThat(batches.add(sample(List.of(a, b), 1), 0)).isTrue();
        assertThat(batches.add(sample(List.of(a, b), 0), 0)).isTrue();
        List<ActivationBatch> built = built(batches);

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
        Sample sample = sample(List.of(new float[257], new float[] {1, 2, 0, -1, 3, 0}, new float[256 * 64]), 0);
        PointBatches asked = batches(32, true, wide, narrow, widest);
        assertThat(asked.add(sample, 0)).isTrue();
        List<ActivationBatch> built = built(asked);
        assertThat(built).extracting(ActivationBatch::getProductsCount).containsExactly(0, 6, 256 * 257 / 2);
        assertThat(built.get(1).getProductsList()).containsExactly(5.0, -2.0, 3.0, 1.0, 0.0, 9.0);
        assertThat(asked.withoutProducts()).containsExactly("wide");
        for (ActivationBatch batch : built) {
            byte[] bytes = Codecs.ACTIVATION_BATCH.encode(batch);
            assertThat(bytes.length).isLessThanOrEqualTo(BatchBuilder.MAX_MESSAGE_BYTES);
            assertThat(Codecs.ACTIVATION_BATCH.decode(bytes)).isEqualTo(batch);
        }
        // Of as many samples the codes alone leave no room.
        assertThat(batches(128, true, widest).withoutProducts()).containsExactly("widest");
        PointBatches unasked = batches(32, false, wide, narrow, widest);
        unasked.add(sample, 0);
        assertThat(built(unasked)).extracting(ActivationBatch::getProductsCount).containsOnly(0);
        assertThat(unasked.withoutProducts()).isEmpty();
    }

    @Test
    void aSampleThatIsNotFiniteAtOnePointIsLeftOutOfAll() {
        CapturePoint first = new CapturePoint("first", "g", 2, 1);
        CapturePoint last = new CapturePoint("last", "h", 1, 2);
        PointBatches batches = batches(32, false, first, last);
        float[] fine = {1, 2, 3, 4};
        assertThat(batches.add(sample(List.of(fine, new float[] {1, 1, Float.NaN, 1}), 1), 0))
                .isFalse();
        assertThat(batches.add(sample(List.of(fine, new float[] {1, 1, Float.NaN, 1}), 0), 0))
                .isTrue();
        assertThat(built(batches)).extracting(ActivationBatch::getSamples).containsExactly(1, 1);
        assertThat(batches.all()).isEmpty();
    }

    private static float[] gaussians(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void aPointGetsTheSamplesThatAreForItAndIsFullAndDueOnItsOwn() {
        CapturePoint first = new CapturePoint("first", "g", 2, 1);
        CapturePoint last = new CapturePoint("last", "h", 1, 2);
        ModelDescriptor model = Descriptors.withPoints(first, last);
        SamplingRates rates = new SamplingRates(model, 1);
        rates.direct(Map.of("last", 0.25));
        PointBatches batches = batches(3, false, first, last);
        List<float[]> values = List.of(new float[] {1, 2}, new float[] {Float.NaN, 1});
        assertThat(batches.untilDue(rates.current(), 100, 77)).isEqualTo(77);
        assertThat(batches.add(new Sample(values, 0, points(0)), 100))
                .as("where it is not sampled, its values are of no account")
                .isTrue();
        batches.add(sample(List.of(new float[] {3, 4}, new float[] {1, 1}), 0), 200);
        assertThat(batches.full()).isEmpty();
        assertThat(batches.untilDue(rates.current(), 200, Long.MAX_VALUE)).isEqualTo(LINGER - 100);
        assertThat(batches.due(rates.current(), 99 + LINGER)).isEmpty();
        assertThat(batches.due(rates.current(), 100 + LINGER))
                .extracting(
                        message -> message.batch().getCapturePoint(),
                        message -> message.batch().getSamples())
                .containsExactly(tuple("first", 2));
        assertThat(batches.due(rates.current(), 199 + 4 * LINGER)).isEmpty();
        rates.release();
        assertThat(batches.due(rates.current(), 200 + LINGER))
                .as("what waited for others does not, once all are wanted again")
                .extracting(message -> message.batch().getCapturePoint())
                .containsExactly("last");
        for (int i = 0; i < 3; i++) {
            batches.add(new Sample(values, 0, points(0)), 0);
        }
        assertThat(batches.full())
                .extracting(message -> message.batch().getSamples())
                .containsExactly(3);
    }

    @Test
    void aSampleIsPublishedWhenAllItsPointsAreAndLostWhenOneIs() {
        CapturePoint first = new CapturePoint("first", "g", 2, 1);
        CapturePoint last = new CapturePoint("last", "h", 1, 2);
        PointBatches batches = batches(2, false, first, last);
        List<float[]> values = List.of(new float[] {1, 2}, new float[] {1, 1});
        batches.add(new Sample(values, 0, points(0)), 0);
        batches.add(sample(values, 0), 0);
        Message both = batches.full().get(0);
        both.acknowledged();
        assertThat(published()).as("the second waits for its other point").isEqualTo(1);
        batches.add(new Sample(values, 0, points(1)), 0);
        Message lost = batches.full().get(0);
        assertThat(lost.isLost()).isFalse();
        lost.refused();
        assertThat(lost.isLost()).isTrue();
        assertThat(published()).isEqualTo(1);
        assertThat(registry.get("espalier.samples.dropped")
                        .tag("reason", "publish_failed")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    private PointBatches batches(int samples, boolean products, CapturePoint... points) {
        return new PointBatches(
                Descriptors.withPoints(points),
                "me",
                samples,
                products,
                new Linger(Duration.ofNanos(LINGER), Duration.ofSeconds(1)),
                new SampleMetrics(registry));
    }

    private double published() {
        return registry.get("espalier.samples.published").counter().count();
    }

    private static List<ActivationBatch> built(PointBatches batches) {
        return batches.all().stream().map(Message::batch).toList();
    }

    /** A sample that is for every point. */
    private static Sample sample(List<float[]> captured, int row) {
        return new Sample(
                captured, row, points(IntStream.range(0, captured.size()).toArray()));
    }

    private static BitSet points(int... points) {
        BitSet set = new BitSet();
        Arrays.stream(points).forEach(set::set);
        return set;
    }
}
