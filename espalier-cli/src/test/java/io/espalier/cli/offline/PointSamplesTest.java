package io.espalier.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PointSamplesTest {
    private static final VersionKey MODEL = new VersionKey("m", "1");
    private static final CapturePoint POINT = new CapturePoint("relu", "g", 6, 4);

    private final Random random = new Random(4);

    /** The third unit is the sum of the first two. */
    private float[] sample() {
        float[] values = new float[POINT.units() * POINT.positions()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        for (int position = 0; position < 4; position++) {
            values[2 * 4 + position] = values[position] + values[4 + position];
        }
        return values;
    }

    @Test
    void theRecordIsWhatTheServiceWouldPublish() {
        PointSamples offline = new PointSamples(MODEL, POINT, true);
        ShardKey key = new ShardKey("m", "1", "relu", 0);
        BatchBuilder batch = BatchBuilder.withProducts(key, 6, 4, "sidecar");
        PaneStatistics pane = PaneStatistics.create(6, 4);
        for (int index = 0; index < 40; index++) {
            float[] values = sample();
            offline.add(values);
            batch.add(values, 0);
            if (index % 10 == 9) {
                offline.endPane();
                pane.add(batch.build());
            }
        }
        Expressiveness found = offline.record();
        Expressiveness published = new WindowRecord(List.of(pane)).of(key, new Expressiveness.Window(0, 0, 4));
        assertThat(found.samples()).isEqualTo(40);
        assertThat(found.score()).containsExactly(published.score());
        assertThat(found.variance()).containsExactly(published.variance(), within(1e-9));
        assertThat(found.residualVariance()).containsExactly(published.residualVariance(), within(1e-9));
        for (int unit = 0; unit < 3; unit++) {
            assertThat(found.residualVariance()[unit] / found.variance()[unit]).isLessThan(1e-4);
        }
        for (int unit = 3; unit < 6; unit++) {
            assertThat(found.residualVariance()[unit] / found.variance()[unit]).isGreaterThan(0.8);
        }
    }

    @Test
    void withoutProductsThereIsNoResidualVariance() {
        PointSamples offline = new PointSamples(MODEL, POINT, false);
        offline.add(sample());
        offline.add(sample());
        offline.endPane();
        assertThat(offline.record().variance()).hasSize(6);
        assertThat(offline.record().residualVariance()).isNull();
    }

    @Test
    void aSampleThatIsNotFiniteIsLeftOutOfEverything() {
        PointSamples offline = new PointSamples(MODEL, POINT, true);
        for (int index = 0; index < 5; index++) {
            offline.add(sample());
        }
        float[] broken = sample();
        broken[7] = Float.NaN;
        offline.add(broken);
        offline.endPane();
        assertThat(offline.record().samples()).isEqualTo(5);
        assertThat(offline.record().residualVariance()).hasSize(6).doesNotContain(Double.NaN);
    }

    @Test
    void nothingSeenIsARecordOfNoSamples() {
        Expressiveness record = new PointSamples(MODEL, POINT, true).record();
        assertThat(record.samples()).isZero();
        assertThat(record.score()).isNull();
    }
}
