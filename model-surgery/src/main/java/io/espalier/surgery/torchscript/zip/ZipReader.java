package io.espalier.surgery.torchscript.zip;

import io.espalier.surgery.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A zip file read by its central directory alone. The JDK's own reader shows neither duplicate names nor symbolic links
 * nor overlapping entries, all of which a hostile archive may carry.
 */
public final class ZipReader {
    private static final int WHOLE_LIMIT = 16 << 20;
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

    public static ZipReader open(Path file) {
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

    public Map<String, ZipEntry> entries() {
        return entries;
    }

    /** A small entry whole, little-endian, checked against its checksum: for pickles and code, never for weights. */
    public ByteBuffer content(ZipEntry entry) {
        if (entry.size() > WHOLE_LIMIT) {
            throw new ModelFormatException(
                    entry.name() + ": has " + entry.size() + " bytes, pickles and code may have " + WHOLE_LIMIT);
        }
        ByteBuffer content = ByteBuffer.allocate((int) entry.size());
        try (RandomBytes bytes = bytes(entry)) {
            bytes.read(0, content);
        }
        CRC32 crc = new CRC32();
        crc.update(content.flip());
        checkSum(entry, crc);
        return content.rewind().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads an entry of any size through and throws ModelFormatException where its checksum does not hold. */
    public void verify(ZipEntry entry) {
        CRC32 crc = new CRC32();
        try (RandomBytes bytes = bytes(entry)) {
            bytes.readAll(entry.size(), crc::update);
        }
        checkSum(entry, crc);
    }

    private static void checkSum(ZipEntry entry, CRC32 crc) {
        if (crc.getValue() != entry.crc()) {
            throw new ModelFormatException(entry.name() + ": its checksum does not hold, the file is damaged");
        }
    }

    /** The entry's content; to be closed. A deflated entry is inflated into memory, within the directory's limits. */
    public RandomBytes bytes(ZipEntry entry) {
        StoredBytes stored = stored(entry);
        if (!entry.deflated()) {
            return stored;
        }
        try (stored) {
            return RandomBytes.of(entry.name(), Inflated.content(entry, stored));
        }
    }

    /** The entry's bytes as they lie in the file, deflated or not; to be closed. */
    public StoredBytes stored(ZipEntry entry) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            if (channel.size() != fileSize || !Files.getLastModifiedTime(file).equals(modified)) {
                throw new ModelFormatException(file + " was changed after it was opened; open it again");
            }
            StoredBytes stored = new StoredBytes(entry, channel, dataOffset(channel, entry));
            channel = null;
            return stored;
        } catch (IOException e) {
            throw new ModelFormatException(file + ": " + entry.name() + " cannot be read: " + e.getMessage(), e);
        } finally {
            closeQuietly(channel);
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // What went wrong before is on its way to the caller and says more.
        }
    }

    private long dataOffset(FileChannel channel, ZipEntry entry) throws IOException {
        byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.allocate(30 + name.length).order(ByteOrder.LITTLE_ENDIAN);
        int count = 0;
        while (header.hasRemaining() && count >= 0) {
            count = channel.read(header, entry.headerOffset() + header.position());
        }
        if (header.hasRemaining()
                || header.getInt(0) != LOCAL_HEADER
                || (header.getShort(26) & 0xffff) != name.length
                || !ByteBuffer.wrap(name).equals(header.slice(30, name.length))) {
            throw new ModelFormatException(
                    entry.name() + ": no entry where the zip directory says, the file is damaged");
        }
        long start = entry.headerOffset() + 30 + name.length + (header.getShort(28) & 0xffff);
        if (start > fileSize - entry.compressedSize()) {
            throw new ModelFormatException(entry.name() + ": reaches past the end of the file, the file is damaged");
        }
        return start;
    }
}
