package io.espalier.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.espalier.protocol.batch.ActivationBatch;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ActivationBatchCodecTest {
    private static final Codec<ActivationBatch> CODEC = Codecs.ACTIVATION_BATCH;

    @Test
    void readsWhatItWrites() {
        assertThat(CODEC.decode(CODEC.encode(valid().build()))).isEqualTo(valid().build());
    }

    @Test
    void takesProductsOfAllPairsOfUnits() {
        ActivationBatch batch =
                valid().addAllProducts(List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)).build();
        assertThat(CODEC.decode(CODEC.encode(batch)).getProductsList()).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    }

    @Test
    void ignoresFieldsItDoesNotKnow() {
        byte[] bytes = CODEC.encode(valid().build());
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
        // Field 200, a varint: what a newer publisher may add.
        longer[bytes.length] = (byte) 0xC0;
        longer[bytes.length + 1] = 0x0C;
        longer[bytes.length + 2] = 1;
        assertThat(CODEC.decode(longer).getSamples()).isEqualTo(2);
    }

    record Refusal(String message, Consumer<ActivationBatch.Builder> damage) {
        @Override
        public String toString() {
            return message;
        }
    }

    static List<Refusal> refusals() {
        return List.of(
                new Refusal("model '' is no name", batch -> batch.setModel("")),
                new Refusal("version 'a/b' is no name", batch -> batch.setVersion("a/b")),
                new Refusal("capture point '../x' is no name", batch -> batch.setCapturePoint("../x")),
                new Refusal("first unit -1 is negative", batch -> batch.setFirstUnit(-1)),
                new Refusal("0 units of 5 positions", batch -> batch.setUnits(0)),
                new Refusal("3 units of 0 positions", batch -> batch.setPositions(0)),
                new Refusal("3 units of 65 positions", batch -> batch.setPositions(65)),
                new Refusal("-1 units", batch -> batch.setUnits(-1)),
                new Refusal("2147483647 units", batch -> batch.setUnits(Integer.MAX_VALUE)),
                new Refusal("0 samples", batch -> batch.setSamples(0)),
                new Refusal("bytes of codes for 3 samples", batch -> batch.setSamples(3)),
                new Refusal("bytes of codes for 2147483647 samples", batch -> batch.setSamples(Integer.MAX_VALUE)),
                new Refusal("15 bytes of codes", batch -> batch.setCodes(ByteString.copyFrom(new byte[15]))),
                new Refusal("bits set past", batch -> batch.setCodes(stray())),
                new Refusal("4 sums for 3 units", batch -> batch.addSums(1)),
                new Refusal("0 squares for 3 units", ActivationBatch.Builder::clearSquares),
                new Refusal("sums that are not finite", batch -> batch.setSums(1, Double.NaN)),
                new Refusal("5 products for 3 units", batch -> batch.addAllProducts(List.of(1.0, 1.0, 1.0, 1.0, 1.0))),
                new Refusal(
                        "products that are not finite",
                        batch -> batch.addAllProducts(List.of(1.0, 1.0, 1.0, 1.0, 1.0, Double.NEGATIVE_INFINITY))),
                new Refusal("products of 257 units", ActivationBatchCodecTest::wide));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesWhatCannotBeMeant(Refusal refusal) {
        ActivationBatch.Builder batch = valid();
        refusal.damage().accept(batch);
        assertThatThrownBy(() -> CODEC.decode(CODEC.encode(batch.build())))
                .isInstanceOf(RefusedRecordException.class)
                .hasMessageContaining(refusal.message());
    }

    @Test
    void neverThrowsAnythingButARefusal() {
        Random random = new Random(3);
        byte[] bytes = CODEC.encode(valid().build());
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = Arrays.copyOf(bytes, round % 3 == 0 ? random.nextInt(bytes.length + 1) : bytes.length);
            for (int flip = random.nextInt(4); flip >= 0 && damaged.length > 0; flip--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                CODEC.decode(damaged);
            } catch (RefusedRecordException e) {
                assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    private static ActivationBatch.Builder valid() {
        return ActivationBatch.newBuilder()
                .setModel("m")
                .setVersion("1")
                .setCapturePoint("layer1.0.relu")
                .setUnits(3)
                .setPositions(5)
                .setSamples(2)
                .setCodes(ByteString.copyFrom(new byte[] {-1, 0x7F, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0}))
                .addAllSums(List.of(1.0, 2.0, 3.0))
                .addAllSquares(List.of(1.0, 2.0, 3.0))
                .setPublisher("p")
                .setSequence(7);
    }

    private static void wide(ActivationBatch.Builder batch) {
        List<Double> zeros = Collections.nCopies(257, 0.0);
        batch.setUnits(257)
                .setPositions(1)
                .setCodes(ByteString.copyFrom(new byte[2 * 40]))
                .clearSums()
                .addAllSums(zeros)
                .clearSquares()
                .addAllSquares(zeros)
                .addAllProducts(Collections.nCopies(257 * 258 / 2, 0.0));
    }

    /** Fifteen bits are used; this sets the sixteenth of the second sample. */
    private static ByteString stray() {
        byte[] codes = new byte[16];
        codes[9] = (byte) 0x80;
        return ByteString.copyFrom(codes);
    }
}
