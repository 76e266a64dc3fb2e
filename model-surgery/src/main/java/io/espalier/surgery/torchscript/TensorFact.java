package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Parameter;
import java.util.Arrays;

/**
 * What is known of a tensor before the model runs.
 *
 * @param sizes by dimension, -1 where not known; null when not even the rank is known
 * @param type PyTorch's number of the element type (c10::ScalarType), -1 when not known
 */
@SuppressWarnings("ArrayRecordComponent") // compared by hand where it matters
record TensorFact(long[] sizes, int type) {
    static final TensorFact UNKNOWN = new TensorFact(null, -1);
    static final int BOOL = 11;
    private static final int FLOAT64 = 7;
    private static final int FLOAT16 = 5;
    private static final int BFLOAT16 = 15;

    static TensorFact of(Parameter parameter) {
        return of(parameter.shape(), parameter.type());
    }

    static TensorFact of(long[] shape, ElementType type) {
        return new TensorFact(shape, number(type));
    }

    /** Of what the probing method returns: the sizes, then the number of the element type. */
    static TensorFact of(long[] recorded) {
        int rank = recorded.length - 1;
        return new TensorFact(Arrays.copyOf(recorded, rank), (int) recorded[rank]);
    }

    static TensorFact ofRank(int rank, int type) {
        long[] sizes = new long[rank];
        Arrays.fill(sizes, -1);
        return new TensorFact(sizes, type);
    }

    boolean hasRank() {
        return sizes != null;
    }

    int rank() {
        return sizes.length;
    }

    /** The size of a dimension counted from the front or, below zero, from the back; -1 when it is not known. */
    long size(long dim) {
        long at = dim < 0 && sizes != null ? dim + sizes.length : dim;
        return sizes == null || at < 0 || at >= sizes.length ? -1 : sizes[(int) at];
    }

    boolean isFloat() {
        return (type >= FLOAT16 && type <= FLOAT64) || type == BFLOAT16;
    }

    private static int number(ElementType type) {
        return switch (type) {
            case UINT8 -> 0;
            case INT8 -> 1;
            case INT16 -> 2;
            case INT32 -> 3;
            case INT64 -> 4;
            case FLOAT16 -> FLOAT16;
            case FLOAT32 -> 6;
            case FLOAT64 -> FLOAT64;
            case COMPLEX64 -> 9;
            case COMPLEX128 -> 10;
            case BOOL -> BOOL;
            case BFLOAT16 -> BFLOAT16;
        };
    }
}
