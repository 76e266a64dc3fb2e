package io.espalier.protocol.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.protocol.Datatype;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.batch.InputSample;
import io.espalier.protocol.batch.InputTensor;
import java.util.Arrays;

/** Refuses input samples whose data does not fill their shape. */
final class InputSampleCodec implements Codec<InputSample> {
    @Override
    public byte[] encode(InputSample sample) {
        return sample.toByteArray();
    }

    @Override
    public InputSample decode(byte[] bytes) {
        try {
            InputSample sample = InputSample.parseFrom(bytes);
            new VersionKey(sample.getModel(), sample.getVersion());
            sample.getInputsList().forEach(InputSampleCodec::check);
            return sample;
        } catch (InvalidProtocolBufferException e) {
            throw new RefusedRecordException("not an input sample: " + e.getMessage(), e);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new RefusedRecordException("input sample: " + e.getMessage(), e);
        }
    }

    private static void check(InputTensor input) {
        Datatype type = Datatype.named(input.getDatatype())
                .orElseThrow(() -> new RefusedRecordException("input '" + input.getName() + "' has type '"
                        + input.getDatatype() + "', which is none of " + Arrays.toString(Datatype.values())));
        long bytes = input.getShapeList().stream().reduce((long) type.bytes(), Math::multiplyExact);
        if (bytes != input.getData().size()) {
            throw new RefusedRecordException("input '" + input.getName() + "' of shape " + input.getShapeList()
                    + " has " + input.getData().size() + " bytes of data, not " + bytes);
        }
    }
}
