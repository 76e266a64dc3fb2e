package io.espalier.streams.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;

/** What happens to the bytes of an activation batch. The first ones leave it a batch that says the same. */
public enum Mutation {
    UNCHANGED {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            return batch.toByteArray();
        }
    },
    /** A field of a version to come. */
    UNKNOWN_FIELD {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            return joined(batch.toByteArray(), field(100 + random.nextInt(1000), bytes(random, random.nextInt(200))));
        }
    },
    /** A writer may put fields in any order, and say one twice: the last one holds. */
    FIELDS_MOVED {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            ActivationBatch codes =
                    ActivationBatch.newBuilder().setCodes(batch.getCodes()).build();
            ActivationBatch rest = batch.toBuilder().clearCodes().build();
            ActivationBatch wrong = ActivationBatch.newBuilder()
                    .setSamples(random.nextInt())
                    .setCodes(ByteString.copyFrom(bytes(random, 9)))
                    .build();
            return joined(joined(wrong.toByteArray(), codes.toByteArray()), rest.toByteArray());
        }
    },
    BITS_FLIPPED {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            byte[] value = batch.toByteArray();
            for (int flip = random.nextInt(8); flip >= 0; flip--) {
                int bit = random.nextInt(value.length * 8);
                value[bit >>> 3] ^= (byte) (1 << (bit & 7));
            }
            return value;
        }
    },
    TRUNCATED {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            byte[] value = batch.toByteArray();
            return Arrays.copyOf(value, random.nextInt(value.length));
        }
    },
    WRONG_COUNT {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            ActivationBatch.Builder wrong = batch.toBuilder();
            switch (random.nextInt(9)) {
                case 0 -> wrong.setUnits(any(random));
                case 1 -> wrong.setPositions(any(random));
                case 2 -> wrong.setSamples(any(random));
                case 3 -> wrong.setFirstUnit(any(random));
                case 4 -> wrong.addSums(random.nextDouble());
                case 5 -> wrong.clearSquares();
                case 6 -> wrong.setSums(0, random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY);
                case 7 -> wrong.addProducts(random.nextDouble());
                default -> wrong.setCodes(batch.getCodes().concat(ByteString.copyFrom(new byte[8])));
            }
            return wrong.build().toByteArray();
        }
    },
    /** Says of itself that it is gigabytes long, or a million levels deep. */
    HUGE_LENGTH {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            byte[] value = batch.toByteArray();
            return switch (random.nextInt(5)) {
                case 0 -> joined(value, claim(8, Integer.MAX_VALUE));
                case 1 -> joined(value, claim(9, 1L << 32));
                case 2 -> joined(value, claim(1 + random.nextInt(13), Long.MAX_VALUE));
                case 3 ->
                    batch.toBuilder()
                            .setUnits(Integer.MAX_VALUE)
                            .setPositions(64)
                            .setSamples(Integer.MAX_VALUE)
                            .build()
                            .toByteArray();
                default -> {
                    byte[] groups = new byte[20_000];
                    Arrays.fill(groups, START_OF_GROUP);
                    yield joined(value, groups);
                }
            };
        }
    },
    FOREIGN_SCHEMA {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            return switch (random.nextInt(5)) {
                case 0 -> ("{\"schema\":1,\"model\":\"" + batch.getModel() + "\",\"units\":8}").getBytes(UTF_8);
                case 1 -> bytes(random, random.nextInt(400));
                case 2 ->
                    InputSample.newBuilder()
                            .setModel(batch.getModel())
                            .setVersion(batch.getVersion())
                            .addInputs(
                                    InputTensor.newBuilder().setDatatype("FP32").addShape(random.nextLong()))
                            .build()
                            .toByteArray();
                case 3 -> new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5, 't', 0, 1, 'x'};
                default -> joined(new byte[] {0, 0, 0, 0, 7}, batch.toByteArray());
            };
        }
    },
    /** Megabytes, as a whole batch of more units than can be stored, or as rubbish. */
    OVERSIZED {
        @Override
        byte[] apply(ActivationBatch batch, Random random) {
            if (random.nextBoolean()) {
                return joined(new byte[3 << 20], bytes(random, 1000));
            }
            int units = 1 << 17;
            Iterable<Double> zeros = Collections.nCopies(units, 0.0);
            return batch.toBuilder()
                    .setUnits(units)
                    .setPositions(64)
                    .setSamples(1)
                    .setCodes(ByteString.copyFrom(new byte[units * 8]))
                    .clearSums()
                    .addAllSums(zeros)
                    .clearSquares()
                    .addAllSquares(zeros)
                    .build()
                    .toByteArray();
        }
    };

    /** Of a field with number 14, as old versions of protobuf have them. */
    private static final byte START_OF_GROUP = (byte) (14 << 3 | WireFormat.WIRETYPE_START_GROUP);

    /** Bytes of a record that began as {@code batch}. */
    abstract byte[] apply(ActivationBatch batch, Random random);

    /** Whether it is still to be counted, whatever the random numbers were. */
    public boolean isHarmless() {
        return this == UNCHANGED || this == UNKNOWN_FIELD || this == FIELDS_MOVED;
    }

    private static int any(Random random) {
        int[] edges = {0, 1, -1, 64, 65, Integer.MAX_VALUE, Integer.MIN_VALUE};
        return random.nextBoolean() ? edges[random.nextInt(edges.length)] : random.nextInt(1000);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] field(int number, byte[] content) {
        return joined(claim(number, content.length), content);
    }

    /** The start of a field that says how long it is. */
    private static byte[] claim(int number, long length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt64NoTag(length);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
