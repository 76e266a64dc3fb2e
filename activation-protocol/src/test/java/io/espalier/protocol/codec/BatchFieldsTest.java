package io.espalier.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.protocol.batch.ActivationBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The generated parser is the oracle: what it reads is read, and what it refuses is refused. */
final class BatchFieldsTest {
    @Test
    void readsAndRefusesWhatTheGeneratedParserDoes() throws InvalidProtocolBufferException {
        Random random = new Random(11);
        int refused = 0;
        int read = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] damaged = damaged(batch(random).toByteArray(), random);
            ActivationBatch expected;
            try {
                expected = ActivationBatch.parseFrom(damaged);
            } catch (InvalidProtocolBufferException e) {
                assertRefused(damaged);
                refused++;
                continue;
            }
            assertSame(BatchFields.of(damaged), expected);
            read++;
        }
        assertThat(refused).isGreaterThan(10_000);
        assertThat(read).isGreaterThan(10_000);
    }

    @Test
    void numbersThatCameOneByOneOrInTwoRunsAreReadInTheirOrder() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeDouble(ActivationBatch.SUMS_FIELD_NUMBER, 1);
        out.writeDouble(ActivationBatch.SUMS_FIELD_NUMBER, 2);
        out.flush();
        ActivationBatch.newBuilder().addSums(3).addSquares(4).build().writeTo(bytes);
        ActivationBatch.newBuilder().addSums(5).addSquares(6).build().writeTo(bytes);
        BatchFields fields = BatchFields.of(bytes.toByteArray());
        assertThat(numbers(fields.sums())).containsExactly(1.0, 2.0, 3.0, 5.0);
        assertThat(numbers(fields.squares())).containsExactly(4.0, 6.0);
    }

    private static void assertSame(BatchFields fields, ActivationBatch expected) {
        assertThat(List.of(fields.model, fields.version, fields.capturePoint, fields.publisher))
                .containsExactly(
                        expected.getModel(),
                        expected.getVersion(),
                        expected.getCapturePoint(),
                        expected.getPublisher());
        assertThat(List.of(fields.firstUnit, fields.units, fields.positions, fields.samples))
                .containsExactly(
                        expected.getFirstUnit(), expected.getUnits(), expected.getPositions(), expected.getSamples());
        assertThat(fields.sequence).isEqualTo(expected.getSequence());
        assertThat(ByteString.copyFrom(fields.codes.duplicate())).isEqualTo(expected.getCodes());
        assertThat(numbers(fields.sums())).isEqualTo(expected.getSumsList());
        assertThat(numbers(fields.squares())).isEqualTo(expected.getSquaresList());
        assertThat(numbers(fields.products())).isEqualTo(expected.getProductsList());
    }

    private static void assertRefused(byte[] bytes) {
        try {
            BatchFields.of(bytes);
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        throw new AssertionError("read what the generated parser refuses: " + Arrays.toString(bytes));
    }

    private static List<Double> numbers(DoubleBuffer buffer) {
        return IntStream.range(0, buffer.remaining()).mapToObj(buffer::get).toList();
    }

    private static ActivationBatch batch(Random random) {
        ActivationBatch.Builder batch = ActivationBatch.newBuilder()
                .setModel("m")
                .setVersion("1")
                .setCapturePoint("relu")
                .setFirstUnit(random.nextInt(300))
                .setUnits(random.nextInt(300))
                .setPositions(random.nextInt(65))
                .setSamples(random.nextInt(3))
                .setPublisher("p")
                .setSequence(random.nextLong());
        byte[] codes = new byte[random.nextInt(20)];
        random.nextBytes(codes);
        batch.setCodes(ByteString.copyFrom(codes));
        for (int i = random.nextInt(4); i > 0; i--) {
            batch.addSums(random.nextGaussian()).addSquares(random.nextGaussian());
            if (random.nextBoolean()) {
                batch.addProducts(random.nextDouble());
            }
        }
        return batch.build();
    }

    /** Bits flipped, an end cut off, a piece doubled: the last makes runs of their own and fields that come twice. */
    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        int kind = random.nextInt(4);
        if (kind == 0) {
            return Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
        }
        if (kind == 1) {
            int from = random.nextInt(damaged.length);
            int length = random.nextInt(damaged.length - from);
            byte[] longer = Arrays.copyOf(damaged, damaged.length + length);
            System.arraycopy(damaged, from, longer, damaged.length, length);
            return longer;
        }
        for (int flip = random.nextInt(4); flip >= 0; flip--) {
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return damaged;
    }
}
