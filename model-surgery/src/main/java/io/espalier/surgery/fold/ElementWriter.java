package io.espalier.surgery.fold;

import io.espalier.surgery.graph.ElementType;
import java.nio.ByteBuffer;

/** Writes real numbers in a tensor's element type, rounded once, to nearest and ties to even. */
final class ElementWriter {
    private ElementWriter() {}

    /** {@code index}: of an element, in a little-endian buffer. */
    static void write(ElementType type, ByteBuffer content, int index, double value) {
        switch (type) {
            case FLOAT64 -> content.putDouble(8 * index, value);
            case FLOAT32 -> content.putFloat(4 * index, (float) value);
            case FLOAT16 -> content.putShort(2 * index, half(value));
            case BFLOAT16 ->
                content.putShort(2 * index, (short) (Float.floatToRawIntBits((float) rounded(value, 7, -126)) >> 16));
            default -> throw new IllegalArgumentException("no real numbers in a tensor of " + type);
        }
    }

    /** With so many bits behind the leading one, and fewer below the smallest exponent. */
    private static double rounded(double value, int bits, int smallest) {
        int last = Math.max(Math.getExponent(value), smallest) - bits;
        return Math.scalb(Math.rint(Math.scalb(value, -last)), last);
    }

    /** IEEE 754 binary16; Java 17 has no conversion of its own. */
    private static short half(double value) {
        double near = Math.abs(rounded(value, 10, -14));
        int sign = value < 0 ? 0x8000 : 0;
        if (near >= 65536) {
            return (short) (sign | 0x7c00);
        } else if (near < 0x1p-14) {
            return (short) (sign | (int) (near * 0x1p24));
        }
        int exponent = Math.getExponent(near);
        int fraction = (int) Math.scalb(near, 10 - exponent) - 1024;
        return (short) (sign | (exponent + 15) << 10 | fraction);
    }
}
