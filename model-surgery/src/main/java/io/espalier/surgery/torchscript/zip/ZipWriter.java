package io.espalier.surgery.torchscript.zip;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** Writes stored entries one behind the other, with content that is copied from another file or comes in pieces. */
public final class ZipWriter implements Closeable {
    /** Produces content piece by piece; a piece is valid until the sink returns. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Consumer<ByteBuffer> sink);
    }

    private final FileChannel channel;
    private final ZipHeaders headers;
    private final List<ZipHeaders.Written> entries = new ArrayList<>();
    private long position;

    public ZipWriter(Path file) throws IOException {
        this(file, 0xffffffffL);
    }

    /** {@code wideAt}: the first size or offset that is written as zip64; lower only to test with small files. */
    ZipWriter(Path file, long wideAt) throws IOException {
        headers = new ZipHeaders(wideAt);
        channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    /** Appends one entry whose content is what remains in the buffer. */
    public void add(String name, ByteBuffer content) throws IOException {
        add(name, content.remaining(), sink -> sink.accept(content.duplicate()));
    }

    /** Appends one entry of {@code size} bytes, piece by piece. */
    public void add(String name, long size, Content content) throws IOException {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        final long offset = begin(encoded, size, 0);
        final long start = position;
        CRC32 crc = new CRC32();
        try {
            content.writeTo(piece -> {
                crc.update(piece.duplicate());
                writeUnchecked(piece);
            });
        } catch (UncheckedIOException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
        if (position - start != size) {
            throw new IllegalStateException(
                    name + ": " + (position - start) + " bytes came where " + size + " were announced");
        }
        // The header comes first in the file, but the checksum is known only now.
        channel.write(ZipHeaders.crc(crc.getValue()), offset + ZipHeaders.CRC_PLACE);
        entries.add(new ZipHeaders.Written(encoded, offset, crc.getValue(), size));
    }

    /** Appends a stored entry of another file as it is, with the checksum that it has there. */
    public void copy(ZipEntry entry, StoredBytes content) throws IOException {
        byte[] encoded = entry.name().getBytes(StandardCharsets.UTF_8);
        long offset = begin(encoded, entry.size(), entry.crc());
        content.transferTo(channel);
        position += entry.size();
        entries.add(new ZipHeaders.Written(encoded, offset, entry.crc(), entry.size()));
    }

    private long begin(byte[] name, long size, long crc) throws IOException {
        final long offset = position;
        write(headers.local(new ZipHeaders.Written(name, offset, crc, size)));
        return offset;
    }

    /** Writes the directory and closes the file. */
    public void finish() throws IOException {
        long start = position;
        for (ZipHeaders.Written entry : entries) {
            write(headers.central(entry));
        }
        write(headers.end(entries.size(), start, position - start));
        close();
    }

    private void writeUnchecked(ByteBuffer bytes) {
        try {
            write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            position += channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
