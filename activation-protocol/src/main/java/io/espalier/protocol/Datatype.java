package io.espalier.protocol;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The element types that tensors of a model may have, by their names in the Open Inference Protocol v2
 * (https://github.com/kserve/open-inference-protocol), which has BF16 from Triton's extension.
 */
public enum Datatype {
    BOOL(1),
    UINT8(1),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8);

    private final int bytes;

    Datatype(int bytes) {
        this.bytes = bytes;
    }

    /** Size of an element. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloating() {
        return this == FP16 || this == BF16 || this == FP32 || this == FP64;
    }

    /**
     * Half the distance from 1 to the next larger number: the largest relative error of rounding to this type.
     *
     * @throws IllegalStateException when the type is no floating one
     */
    public double unitRoundoff() {
        return switch (this) {
            case FP16 -> 0x1p-11;
            case BF16 -> 0x1p-8;
            case FP32 -> 0x1p-24;
            case FP64 -> 0x1p-53;
            default -> throw new IllegalStateException(this + " rounds nothing");
        };
    }

    /** The type of a name in the protocol's words, upper case as they are; empty when there is none. */
    public static Optional<Datatype> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /**
     * Reads what users write: a name of the protocol or of PyTorch and numpy ({@code int64}, {@code float16},
     * {@code half}, {@code long}), in any case.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Datatype parse(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "float16", "half" -> FP16;
            case "bfloat16" -> BF16;
            case "float32", "float" -> FP32;
            case "float64", "double" -> FP64;
            case "long" -> INT64;
            case "int" -> INT32;
            case "short" -> INT16;
            default ->
                named(name.toUpperCase(Locale.ROOT))
                        .orElseThrow(() -> new IllegalArgumentException("'" + text
                                + "' is no element type: give float32, float64, float16, bfloat16, int64, int32, int16, "
                                + "int8, uint8 or bool"));
        };
    }
}
