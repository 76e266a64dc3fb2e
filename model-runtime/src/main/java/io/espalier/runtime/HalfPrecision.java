package io.espalier.runtime;

/**
 * Conversions to and from the two 16-bit floating types, rounding to nearest, ties to even; Java 17 has none of its own.
 * Values too large become infinite, a NaN stays one.
 */
public final class HalfPrecision {
    private static final int INFINITY = 0x7f800000;

    private HalfPrecision() {}

    /** Bits of the IEEE 754 binary16 number nearest to a value. */
    public static short toFp16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > INFINITY) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= Float.floatToRawIntBits(65_520f)) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < Float.floatToRawIntBits(0x1p-14f)) {
            // Subnormal: multiples of 2^-24, and rounding up to 2^-14 gives the bits of that.
            return (short) (sign | (int) Math.rint(Math.abs((double) value) * 0x1p24));
        }
        int nearest = magnitude + 0xfff + (magnitude >>> 13 & 1);
        return (short) (sign | ((nearest - (112 << 23)) >>> 13));
    }

    /** The number of the IEEE 754 binary16 bits, exactly. */
    public static float fromFp16(short bits) {
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        int sign = (bits & 0x8000) << 16;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int widened = exponent == 0x1f ? INFINITY : (exponent + 112) << 23;
        return Float.intBitsToFloat(sign | widened | fraction << 13);
    }

    /** Bits of the bfloat16 number nearest to a value: the upper half of a float32. */
    public static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }

    /** The number of the bfloat16 bits, exactly. */
    public static float fromBf16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
