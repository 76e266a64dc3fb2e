package io.espalier.surgery.torchscript.pickle;

import io.espalier.surgery.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a pickle: opcodes, and the numbers and texts behind them. Past the end, BufferUnderflowException or
 * IndexOutOfBoundsException.
 */
final class PickleOperands {
    private final String entry;
    private final ByteBuffer in;

    /** {@code entry} names the pickle in errors. */
    PickleOperands(String entry, ByteBuffer content) {
        this.entry = entry;
        this.in = content.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    int unsignedByte() {
        return in.get() & 0xff;
    }

    int unsignedShort() {
        return in.getShort() & 0xffff;
    }

    int integer() {
        return in.getInt();
    }

    /** Alone of all numbers, big-endian. */
    double real() {
        return Double.longBitsToDouble(Long.reverseBytes(in.getLong()));
    }

    /** A signed integer of as many bytes as the first byte says, no more than a Long has. */
    long longInteger() {
        int size = in.get() & 0xff;
        if (size > 8) {
            throw refused("an integer of " + size + " bytes");
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (in.get() & 0xffL) << (8 * i);
        }
        return size == 0 || size == 8 ? value : value << (64 - 8 * size) >> (64 - 8 * size);
    }

    String text(int size) {
        if (size < 0 || size > in.remaining()) {
            throw refused("a string of " + size + " bytes, which reaches past its end");
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A text up to the end of its line. */
    String line() {
        int end = in.position();
        while (in.get(end) != '\n') {
            end++;
        }
        String line = text(end - in.position());
        in.get();
        return line;
    }

    private ModelFormatException refused(String what) {
        return new ModelFormatException(entry + ": " + what);
    }
}
