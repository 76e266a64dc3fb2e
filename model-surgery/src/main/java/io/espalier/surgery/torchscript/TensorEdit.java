package io.espalier.surgery.torchscript;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** A stored tensor's new shape and content. */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record TensorEdit(long[] shape, Content content) {
    /** Produces content piece by piece, so that no tensor is in memory whole. */
    @FunctionalInterface
    public interface Content {
        /**
         * Asked once while writing: elements in row-major order, little-endian, in pieces of whole elements. A piece is
         * valid until the sink returns.
         */
        void writeTo(Consumer<ByteBuffer> sink);
    }
}
