package io.espalier.protocol.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.espalier.protocol.batch.ActivationBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;

/**
 * The fields of an {@link ActivationBatch} as its generated parser reads them, but for the long ones, which are only found:
 * that parser puts every double together from eight bytes, which takes longer than all that is then done with them.
 */
final class BatchFields {
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    String model = "";
    String version = "";
    String capturePoint = "";
    int firstUnit;
    int units;
    int positions;
    int samples;
    ByteBuffer codes = NONE;
    String publisher = "";
    long sequence;
    private final byte[] bytes;
    private ByteBuffer sums = NONE;
    private ByteBuffer squares = NONE;
    private ByteBuffer products = NONE;

    private BatchFields(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Finds the fields.
     *
     * @throws InvalidProtocolBufferException when the generated parser would throw it
     */
    static BatchFields of(byte[] bytes) throws InvalidProtocolBufferException {
        BatchFields fields = new BatchFields(bytes);
        if (fields.read()) {
            return fields;
        }
        // An encoder may write numbers one by one or in several runs. Ours do not, and the generated one puts it right.
        BatchFields inOneRun = new BatchFields(ActivationBatch.parseFrom(bytes).toByteArray());
        inOneRun.read();
        return inOneRun;
    }

    DoubleBuffer sums() {
        return sums.asDoubleBuffer();
    }

    DoubleBuffer squares() {
        return squares.asDoubleBuffer();
    }

    DoubleBuffer products() {
        return products.asDoubleBuffer();
    }

    /** False when numbers of one field do not lie in one run. */
    private boolean read() throws InvalidProtocolBufferException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (!read(tag, in)) {
                    return false;
                }
            }
            return true;
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
    }

    private boolean read(int tag, CodedInputStream in) throws IOException {
        boolean inOneRun = true;
        switch (tag) {
            case ActivationBatch.MODEL_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                model = in.readStringRequireUtf8();
            case ActivationBatch.VERSION_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                version = in.readStringRequireUtf8();
            case ActivationBatch.CAPTURE_POINT_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                capturePoint = in.readStringRequireUtf8();
            case ActivationBatch.FIRST_UNIT_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT ->
                firstUnit = in.readUInt32();
            case ActivationBatch.UNITS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> units = in.readUInt32();
            case ActivationBatch.POSITIONS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT ->
                positions = in.readUInt32();
            case ActivationBatch.SAMPLES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> samples = in.readUInt32();
            case ActivationBatch.CODES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> codes = run(in);
            case ActivationBatch.SUMS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                inOneRun = !sums.hasRemaining();
                sums = numbers(in);
            }
            case ActivationBatch.SQUARES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                inOneRun = !squares.hasRemaining();
                squares = numbers(in);
            }
            case ActivationBatch.PRODUCTS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                inOneRun = !products.hasRemaining();
                products = numbers(in);
            }
            case ActivationBatch.SUMS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED64,
                    ActivationBatch.SQUARES_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED64,
                    ActivationBatch.PRODUCTS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED64 -> inOneRun = false;
            case ActivationBatch.PUBLISHER_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                publisher = in.readStringRequireUtf8();
            case ActivationBatch.SEQUENCE_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_VARINT -> sequence = in.readUInt64();
            default -> {
                if (!in.skipField(tag)) {
                    throw new InvalidProtocolBufferException("a group ends that did not begin");
                }
            }
        }
        return inOneRun;
    }

    private ByteBuffer numbers(CodedInputStream in) throws IOException {
        ByteBuffer run = run(in);
        if (run.remaining() % Double.BYTES != 0) {
            throw new InvalidProtocolBufferException(run.remaining() + " bytes of numbers of " + Double.BYTES);
        }
        return run;
    }

    private ByteBuffer run(CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        int start = in.getTotalBytesRead();
        in.skipRawBytes(length);
        return ByteBuffer.wrap(bytes, start, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
