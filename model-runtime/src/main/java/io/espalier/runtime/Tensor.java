package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A dense tensor of any type that a model takes or gives. Neither array is copied: whoever hands one over does not change
 * it any more.
 *
 * @param shape sizes of the dimensions, none negative; empty for a scalar
 * @param data row-major and little-endian, as many elements as the shape has; a BOOL is a byte, 0 or 1
 */
public record Tensor(Datatype type, long[] shape, byte[] data) {
    public Tensor {
        if (Math.multiplyExact(FloatTensor.elements(shape), (long) type.bytes()) != data.length) {
            throw new IllegalArgumentException(
                    type + " of shape " + Arrays.toString(shape) + " has no place for " + data.length + " bytes");
        }
    }

    /** An FP32 tensor. */
    public static Tensor of(FloatTensor tensor) {
        TensorBuilder builder = new TensorBuilder(Datatype.FP32, tensor.data().length);
        for (float value : tensor.data()) {
            builder.add(value);
        }
        return builder.build(tensor.shape());
    }

    /** An FP32 tensor. */
    public static Tensor ofFloats(long[] shape, float... values) {
        return of(new FloatTensor(shape, values));
    }

    /** An INT64 tensor. */
    public static Tensor ofLongs(long[] shape, long... values) {
        TensorBuilder builder = new TensorBuilder(Datatype.INT64, values.length);
        for (long value : values) {
            builder.add(value);
        }
        return builder.build(shape);
    }

    /** An FP64 tensor. */
    public static Tensor ofDoubles(long[] shape, double... values) {
        TensorBuilder builder = new TensorBuilder(Datatype.FP64, values.length);
        for (double value : values) {
            builder.add(value);
        }
        return builder.build(shape);
    }

    /** How many elements there are. */
    public int size() {
        return data.length / type.bytes();
    }

    /** The element at a row-major index as the nearest double: exact but for an INT64 past 2^53. */
    public double real(int index) {
        ByteBuffer buffer = buffer();
        return switch (type) {
            case FP64 -> buffer.getDouble(8 * index);
            case FP32 -> buffer.getFloat(4 * index);
            case FP16 -> HalfPrecision.fromFp16(buffer.getShort(2 * index));
            case BF16 -> HalfPrecision.fromBf16(buffer.getShort(2 * index));
            default -> whole(index);
        };
    }

    /**
     * The element at a row-major index of a tensor of a type that is not floating; a BOOL is 0 or 1.
     *
     * @throws IllegalStateException when the type is floating
     */
    public long whole(int index) {
        ByteBuffer buffer = buffer();
        return switch (type) {
            case INT64 -> buffer.getLong(8 * index);
            case INT32 -> buffer.getInt(4 * index);
            case INT16 -> buffer.getShort(2 * index);
            case INT8 -> buffer.get(index);
            case UINT8, BOOL -> buffer.get(index) & 0xff;
            default -> throw new IllegalStateException(this + " holds no whole numbers");
        };
    }

    /** All elements as {@link #real} gives them. */
    public double[] reals() {
        return IntStream.range(0, size()).mapToDouble(this::real).toArray();
    }

    /** All elements as {@link #whole} gives them. */
    public long[] wholes() {
        return IntStream.range(0, size()).mapToLong(this::whole).toArray();
    }

    /** The elements as float32, rounded where they are wider. */
    public FloatTensor toFloats() {
        float[] floats = new float[size()];
        if (type == Datatype.FP32) {
            buffer().asFloatBuffer().get(floats);
        } else {
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) real(i);
            }
        }
        return new FloatTensor(shape, floats);
    }

    /**
     * One of the equal parts along the first dimension, which becomes 1.
     *
     * @param row 0 to the first size less one
     */
    public Tensor row(int row) {
        long[] one = shape.clone();
        int bytes = data.length / Math.toIntExact(shape[0]);
        one[0] = 1;
        return new Tensor(type, one, Arrays.copyOfRange(data, row * bytes, (row + 1) * bytes));
    }

    /**
     * Tensors of one type, equal in all sizes but the first, one behind the other along the first dimension.
     *
     * @param tensors one or more
     */
    public static Tensor stacked(List<Tensor> tensors) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long[] shape = tensors.get(0).shape().clone();
        shape[0] = 0;
        for (Tensor tensor : tensors) {
            shape[0] += tensor.shape()[0];
            all.writeBytes(tensor.data());
        }
        return new Tensor(tensors.get(0).type(), shape, all.toByteArray());
    }

    /** Whether type, shape and data are the same, bit for bit (two NaN of the same bits are; 0.0 and -0.0 are not). */
    public boolean sameBits(Tensor other) {
        return type == other.type && Arrays.equals(shape, other.shape) && Arrays.equals(data, other.data);
    }

    private ByteBuffer buffer() {
        return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape);
    }
}
