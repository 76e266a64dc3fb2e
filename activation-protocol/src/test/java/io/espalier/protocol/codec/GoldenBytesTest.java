package io.espalier.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import io.espalier.protocol.score.PaneStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden files are what the version in their folder's name wrote, hexadecimal; they are never changed, only added to. */
final class GoldenBytesTest {
    @Test
    void activationBatch() throws IOException {
        byte[] golden = golden("activation-batch");
        assertThat(Codecs.ACTIVATION_BATCH.encode(batch())).isEqualTo(golden);
        assertThat(Codecs.ACTIVATION_BATCH.decode(golden)).isEqualTo(batch());
    }

    @Test
    void inputSample() throws IOException {
        InputSample sample = InputSample.newBuilder()
                .setModel("m")
                .setVersion("1")
                .setPublisher("p")
                .addInputs(InputTensor.newBuilder()
                        .setName("x")
                        .setDatatype("FP32")
                        .addAllShape(List.of(1L, 2L))
                        .setData(ByteString.copyFrom(new byte[] {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, 0x40})))
                .build();
        byte[] golden = golden("input-sample");
        assertThat(Codecs.INPUT_SAMPLE.encode(sample)).isEqualTo(golden);
        assertThat(Codecs.INPUT_SAMPLE.decode(golden)).isEqualTo(sample);
    }

    @Test
    void paneStatistics() throws IOException {
        PaneStatistics pane = PaneStatistics.create(2, 3);
        pane.add(batch());
        byte[] golden = golden("0.8.0", "pane-statistics");
        assertThat(pane.toBytes()).isEqualTo(golden);
        assertThat(PaneStatistics.fromBytes(golden).toBytes()).isEqualTo(golden);
        PaneStatistics read = PaneStatistics.fromBytes(golden("pane-statistics"));
        assertThat(read.counters().counts()).containsExactly(1, 0, 2, 0, 1, 0);
        assertThat(read.counters().samples()).isEqualTo(2);
        assertThat(read.sum(0)).isEqualTo(3.5);
        assertThat(read.squares(1)).isEqualTo(4);
    }

    @Test
    void activationBatchWithProducts() throws IOException {
        byte[] golden = golden("0.4.0", "activation-batch");
        assertThat(Codecs.ACTIVATION_BATCH.encode(batchWithProducts())).isEqualTo(golden);
        assertThat(Codecs.ACTIVATION_BATCH.decode(golden)).isEqualTo(batchWithProducts());
    }

    @Test
    void paneStatisticsWithProducts() throws IOException {
        PaneStatistics pane = PaneStatistics.create(2, 3);
        pane.add(batchWithProducts());
        byte[] golden = golden("0.8.0", "pane-statistics-products");
        assertThat(pane.toBytes()).isEqualTo(golden);
        assertThat(PaneStatistics.fromBytes(golden).toBytes()).isEqualTo(golden);
        PaneStatistics read = PaneStatistics.fromBytes(golden("0.4.0", "pane-statistics"));
        assertThat(read.counters().counts()).containsExactly(1, 0, 2, 0, 1, 0);
        assertThat(read.products().orElseThrow().triangle()).containsExactly(4.25, -2.5, 4);
    }

    private static ActivationBatch batchWithProducts() {
        return filled(BatchBuilder.withProducts(new ShardKey("m", "1", "layer1.0.relu", 0), 2, 3, "p"));
    }

    private static ActivationBatch batch() {
        return filled(new BatchBuilder(new ShardKey("m", "1", "layer1.0.relu", 0), 2, 3, "p"));
    }

    private static ActivationBatch filled(BatchBuilder builder) {
        builder.add(new float[] {0, 0, 1, -1, 0, 0}, 0);
        builder.add(new float[] {1.5f, 0, 1, -1, 1, -1}, 0);
        return builder.build();
    }

    private static byte[] golden(String format) throws IOException {
        return golden("0.1.0", format);
    }

    private static byte[] golden(String since, String format) throws IOException {
        String hex = Files.readString(Path.of("src/test/resources/golden", since, format + ".hex"));
        return HexFormat.of().parseHex(hex.strip());
    }
}
