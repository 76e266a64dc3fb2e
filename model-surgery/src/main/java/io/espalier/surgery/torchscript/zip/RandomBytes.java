package io.espalier.surgery.torchscript.zip;

import io.espalier.surgery.ModelFormatException;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The content of an entry, read from any place on. */
public interface RandomBytes extends Closeable {
    /** Fills what remains of the buffer with the bytes from {@code at} on; throws ModelFormatException. */
    void read(long at, ByteBuffer into);

    /** Hands the first {@code size} bytes over in pieces, each valid until the sink returns. */
    default void readAll(long size, Consumer<ByteBuffer> sink) {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(1 << 18, size));
        for (long at = 0; at < size; at += piece.limit()) {
            read(at, piece.clear().limit((int) Math.min(piece.capacity(), size - at)));
            sink.accept(piece.rewind());
        }
    }

    @Override
    void close();

    /** Content that is in memory already, as an inflated entry's is. */
    static RandomBytes of(String entry, ByteBuffer content) {
        return new RandomBytes() {
            @Override
            public void read(long at, ByteBuffer into) {
                if (at < 0 || at > content.limit() - into.remaining()) {
                    throw new ModelFormatException(entry + ": is read past its end");
                }
                into.put(content.slice((int) at, into.remaining()));
            }

            @Override
            public void close() {}
        };
    }
}
