package io.espalier.surgery.torchscript;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * A stored tensor's new shape and content.
 *
 * @param content asked once while writing: elements in row-major order, little-endian
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record TensorEdit(long[] shape, Supplier<ByteBuffer> content) {}
