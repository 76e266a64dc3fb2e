package io.espalier.runtime;

import java.util.Arrays;

/**
 * A dense float32 tensor. Neither array is copied: whoever hands one over does not change it any more.
 *
 * @param shape sizes of the dimensions, none negative; empty for a scalar
 * @param data row-major, as many elements as the shape has
 */
public record FloatTensor(long[] shape, float[] data) {
    public FloatTensor {
        if (elements(shape) != data.length) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " has no place for " + data.length + " elements");
        }
    }

    /** How many elements a tensor of this shape has; throws {@link ArithmeticException} past 2^63 - 1. */
    public static long elements(long... shape) {
        long elements = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has a negative size");
            }
            elements = Math.multiplyExact(elements, size);
        }
        return elements;
    }

    /** Whether shape and data are the same, bit for bit (two NaN of the same bits are; 0.0 and -0.0 are not). */
    public boolean sameBits(FloatTensor other) {
        if (!Arrays.equals(shape, other.shape)) {
            return false;
        }
        for (int i = 0; i < data.length; i++) {
            if (Float.floatToRawIntBits(data[i]) != Float.floatToRawIntBits(other.data[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "float32" + Arrays.toString(shape);
    }
}
