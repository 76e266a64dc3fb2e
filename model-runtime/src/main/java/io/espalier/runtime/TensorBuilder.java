package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Takes the elements of a tensor one by one, in row-major order. Not safe for use by several threads. */
public final class TensorBuilder {
    private final Datatype type;
    private byte[] bytes;
    private ByteBuffer buffer;

    /** @param size elements to expect; more may come */
    public TensorBuilder(Datatype type, int size) {
        this.type = type;
        this.bytes = new byte[Math.multiplyExact(Math.max(1, size), type.bytes())];
        this.buffer = over(bytes);
    }

    /**
     * The same numbers in another type, rounded where a floating one is narrower.
     *
     * @throws IllegalArgumentException when a whole type cannot hold them
     */
    static Tensor converted(Tensor tensor, Datatype type) {
        if (tensor.type() == type) {
            return tensor;
        }
        TensorBuilder builder = new TensorBuilder(type, tensor.size());
        for (int i = 0; i < tensor.size(); i++) {
            if (type.isFloating()) {
                builder.add(tensor.real(i));
            } else {
                builder.add(tensor.whole(i));
            }
        }
        return builder.build(tensor.shape());
    }

    private static ByteBuffer over(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public Datatype type() {
        return type;
    }

    /** Elements added so far. */
    public int size() {
        return buffer.position() / type.bytes();
    }

    /**
     * Adds a number, rounded to the type; what is too large for a floating type becomes infinite.
     *
     * @throws IllegalArgumentException when the type is not floating
     */
    public void add(double value) {
        reserve();
        switch (type) {
            case FP64 -> buffer.putDouble(value);
            case FP32 -> buffer.putFloat((float) value);
            case FP16 -> buffer.putShort(HalfPrecision.toFp16((float) value));
            case BF16 -> buffer.putShort(HalfPrecision.toBf16((float) value));
            default -> throw new IllegalArgumentException(type + " holds whole numbers, not " + value);
        }
    }

    /**
     * Adds a whole number; to a floating type, as the nearest one it has.
     *
     * @throws IllegalArgumentException when the type cannot hold it
     */
    public void add(long value) {
        if (type.isFloating()) {
            add((double) value);
            return;
        }
        if (value < smallest(type) || value > largest(type)) {
            throw new IllegalArgumentException(type + " holds " + smallest(type) + " to " + largest(type));
        }
        reserve();
        switch (type.bytes()) {
            case 8 -> buffer.putLong(value);
            case 4 -> buffer.putInt((int) value);
            case 2 -> buffer.putShort((short) value);
            default -> buffer.put((byte) value);
        }
    }

    private static long largest(Datatype type) {
        return switch (type) {
            case BOOL -> 1;
            case UINT8 -> 0xff;
            default -> (1L << (8 * type.bytes() - 1)) - 1;
        };
    }

    private static long smallest(Datatype type) {
        return type == Datatype.BOOL || type == Datatype.UINT8 ? 0 : -largest(type) - 1;
    }

    private void reserve() {
        if (buffer.remaining() < type.bytes()) {
            int size = buffer.position();
            bytes = Arrays.copyOf(bytes, Math.multiplyExact(bytes.length, 2));
            buffer = over(bytes).position(size);
        }
    }

    /** Throws {@link IllegalArgumentException} when what was added does not fill the shape. */
    public Tensor build(long[] shape) {
        return new Tensor(type, shape, buffer.hasRemaining() ? Arrays.copyOf(bytes, buffer.position()) : bytes);
    }
}
