package io.espalier.runtime;

import ai.djl.ndarray.types.DataType;
import io.espalier.protocol.Datatype;
import io.espalier.surgery.graph.ElementType;
import java.util.Optional;

/** The names that the archive and the engine have for the protocol's element types. */
final class ElementTypes {
    private ElementTypes() {}

    /** Empty for complex numbers, which the protocol does not have. */
    static Optional<Datatype> datatype(ElementType type) {
        return Optional.ofNullable(
                switch (type) {
                    case FLOAT64 -> Datatype.FP64;
                    case FLOAT32 -> Datatype.FP32;
                    case FLOAT16 -> Datatype.FP16;
                    case BFLOAT16 -> Datatype.BF16;
                    case INT64 -> Datatype.INT64;
                    case INT32 -> Datatype.INT32;
                    case INT16 -> Datatype.INT16;
                    case INT8 -> Datatype.INT8;
                    case UINT8 -> Datatype.UINT8;
                    case BOOL -> Datatype.BOOL;
                    case COMPLEX64, COMPLEX128 -> null;
                });
    }

    static ElementType stored(Datatype type) {
        return switch (type) {
            case BOOL -> ElementType.BOOL;
            case UINT8 -> ElementType.UINT8;
            case INT8 -> ElementType.INT8;
            case INT16 -> ElementType.INT16;
            case INT32 -> ElementType.INT32;
            case INT64 -> ElementType.INT64;
            case FP16 -> ElementType.FLOAT16;
            case BF16 -> ElementType.BFLOAT16;
            case FP32 -> ElementType.FLOAT32;
            case FP64 -> ElementType.FLOAT64;
        };
    }

    static DataType engine(Datatype type) {
        return switch (type) {
            case BOOL -> DataType.BOOLEAN;
            case UINT8 -> DataType.UINT8;
            case INT8 -> DataType.INT8;
            case INT16 -> DataType.INT16;
            case INT32 -> DataType.INT32;
            case INT64 -> DataType.INT64;
            case FP16 -> DataType.FLOAT16;
            case BF16 -> DataType.BFLOAT16;
            case FP32 -> DataType.FLOAT32;
            case FP64 -> DataType.FLOAT64;
        };
    }

    /** Empty for what the protocol does not have. */
    static Optional<Datatype> datatype(DataType type) {
        for (Datatype known : Datatype.values()) {
            if (engine(known) == type) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
