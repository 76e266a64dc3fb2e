package io.espalier.surgery.cost;

import io.espalier.surgery.graph.ElementType;
import java.nio.ByteBuffer;

/** Reads one element of a little-endian buffer as a double. */
public interface WeightReader {
    double read(ByteBuffer content, int index);

    /** Elements that are no real numbers (complex) read as zero: they have no importance of their own here. */
    static WeightReader of(ElementType type) {
        return switch (type) {
            case FLOAT64 -> (content, i) -> content.getDouble(8 * i);
            case FLOAT32 -> (content, i) -> content.getFloat(4 * i);
            case FLOAT16 -> (content, i) -> half(content.getShort(2 * i));
            case BFLOAT16 -> (content, i) -> Float.intBitsToFloat(content.getShort(2 * i) << 16);
            case INT64 -> (content, i) -> content.getLong(8 * i);
            case INT32 -> (content, i) -> content.getInt(4 * i);
            case INT16 -> (content, i) -> content.getShort(2 * i);
            case INT8 -> (content, i) -> content.get(i);
            case UINT8, BOOL -> (content, i) -> content.get(i) & 0xff;
            case COMPLEX64, COMPLEX128 -> (content, i) -> 0;
        };
    }

    /** IEEE 754 binary16; Java 17 has no conversion of its own. */
    static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double sign = bits < 0 ? -1 : 1;
        if (exponent == 0x1f) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return sign
                * (exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb(1024.0 + fraction, exponent - 25));
    }
}
