package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip file read by its central directory alone. Large stored entries are mapped, not copied. The JDK's own reader shows
 * neither duplicate names nor symbolic links nor overlapping entries, all of which a hostile archive may carry.
 */
final class ZipReader {
    private static final int HEAP_BYTES = 1 << 16;
    private static final long INFLATED_LIMIT = 256L << 20;
    private static final int LOCAL_HEADER = 0x04034b50;

    private final Path file;
    private final long fileSize;
    private final FileTime modified;
    private final Map<String, ZipEntry> entries;

    private ZipReader(Path file, long fileSize, FileTime modified, List<ZipEntry> entries) {
        this.file = file;
        this.fileSize = fileSize;
        this.modified = modified;
        this.entries = new LinkedHashMap<>();
        entries.forEach(entry -> this.entries.put(entry.name(), entry));
    }

    static ZipReader open(Path file) {
        if (Files.isDirectory(file)) {
            throw new ModelFormatException(file + " is a directory, not a model file");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelFormatException(file + ": no such file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            List<ZipEntry> entries = new ZipDirectory(file.getFileName().toString(), channel).entries();
            return new ZipReader(file, channel.size(), Files.getLastModifiedTime(file), entries);
        } catch (IOException e) {
            throw new ModelFormatException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    Map<String, ZipEntry> entries() {
        return entries;
    }

    /** The entry's content, little-endian, positioned at its start, read-only where mapped. */
    ByteBuffer content(ZipEntry entry) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != fileSize || !Files.getLastModifiedTime(file).equals(modified)) {
                throw new ModelFormatException(file + " was changed after it was opened; open it again");
            }
            ByteBuffer stored = range(channel, dataOffset(channel, entry), entry.compressedSize(), entry.name());
            return (entry.deflated() ? inflate(stored, entry) : stored).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new ModelFormatException(file + ": " + entry.name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private long dataOffset(FileChannel channel, ZipEntry entry) throws IOException {
        ByteBuffer header =
                range(channel, entry.headerOffset(), 30, entry.name()).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(0) != LOCAL_HEADER) {
            throw new ModelFormatException(
                    entry.name() + ": no entry where the zip directory says, the file is damaged");
        }
        return entry.headerOffset() + 30 + (header.getShort(26) & 0xffff) + (header.getShort(28) & 0xffff);
    }

    private ByteBuffer range(FileChannel channel, long offset, long size, String name) throws IOException {
        if (offset < 0 || size < 0 || offset > fileSize - size) {
            throw new ModelFormatException(name + ": reaches past the end of the file, the file is damaged");
        }
        if (size > Integer.MAX_VALUE) {
            throw new ModelFormatException(name + ": has " + size + " bytes, entries above 2 GiB are not read");
        }
        if (size > HEAP_BYTES) {
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, size);
        }
        ByteBuffer buffer = ByteBuffer.allocate((int) size);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new ModelFormatException(name + ": the file ends inside this entry");
            }
        }
        return buffer.flip();
    }

    private static ByteBuffer inflate(ByteBuffer stored, ZipEntry entry) {
        if (entry.size() > INFLATED_LIMIT) {
            throw new ModelFormatException(
                    entry.name() + ": inflates to " + entry.size() + " bytes, more than allowed");
        }
        byte[] content = new byte[(int) entry.size()];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(stored);
            int filled = 0;
            while (filled < content.length) {
                int count = inflater.inflate(content, filled, content.length - filled);
                if (count == 0) {
                    throw new ModelFormatException(entry.name() + ": inflates to fewer bytes than the directory says");
                }
                filled += count;
            }
            if (!inflater.finished() && inflater.inflate(new byte[1]) > 0) {
                throw new ModelFormatException(entry.name() + ": inflates to more bytes than the directory says");
            }
            return ByteBuffer.wrap(content);
        } catch (DataFormatException e) {
            throw new ModelFormatException(entry.name() + ": damaged deflate data", e);
        } finally {
            inflater.end();
        }
    }
}
