package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads and checks the central directory of a zip file (PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16). */
final class ZipDirectory {
    private static final int ENTRY_LIMIT = 65_535;
    private static final int NAME_LIMIT = 512;
    private static final long INFLATED_LIMIT = 256L << 20;
    private static final long RATIO_LIMIT = 100;
    private static final int END = 0x06054b50;
    private static final int END_LOCATOR_64 = 0x07064b50;
    private static final int END_64 = 0x06064b50;
    private static final int CENTRAL_HEADER = 0x02014b50;
    private static final int SYMLINK = 0xA000;

    private final String file;
    private final FileChannel channel;
    private final long fileSize;

    ZipDirectory(String file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.fileSize = channel.size();
    }

    List<ZipEntry> entries() throws IOException {
        if (fileSize == 0) {
            throw refused("is empty");
        }
        int tailSize = (int) Math.min(fileSize, 22 + 65_535 + 20);
        ByteBuffer tail = read(fileSize - tailSize, tailSize);
        int end = endRecord(tail);
        long count = tail.getShort(end + 10) & 0xffff;
        long size = tail.getInt(end + 12) & 0xffffffffL;
        long offset = tail.getInt(end + 16) & 0xffffffffL;
        if (end >= 20 && tail.getInt(end - 20) == END_LOCATOR_64) {
            ByteBuffer end64 = read(tail.getLong(end - 12), 56);
            if (end64.getInt(0) != END_64) {
                throw refused("has a damaged zip64 directory");
            }
            count = end64.getLong(32);
            size = end64.getLong(40);
            offset = end64.getLong(48);
        }
        if (count < 0 || count > ENTRY_LIMIT) {
            throw refused("claims " + count + " entries, more than " + ENTRY_LIMIT + " are not read");
        }
        if (size < 0 || size > count * (46 + NAME_LIMIT + 1024L)) {
            throw refused("has a zip directory of " + size + " bytes for " + count + " entries");
        }
        return entries(read(offset, size), (int) count);
    }

    private int endRecord(ByteBuffer tail) throws IOException {
        for (int at = tail.limit() - 22; at >= 0; at--) {
            if (tail.getInt(at) == END) {
                return at;
            }
        }
        ByteBuffer head = read(0, Math.min(4, fileSize));
        if (head.limit() == 4 && head.getInt(0) == 0x04034b50) {
            throw refused("is cut short: it starts as a zip file but its directory is missing");
        }
        if (head.get(0) == (byte) 0x80) {
            throw refused(
                    "is a bare pickle, not a TorchScript archive; save with torch.jit.trace(model, example).save");
        }
        throw refused("is not a TorchScript archive: it is no zip file");
    }

    private List<ZipEntry> entries(ByteBuffer directory, int count) {
        List<ZipEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long stored = 0;
        long inflated = 0;
        for (int i = 0; i < count; i++) {
            ZipEntry entry = entry(directory);
            if (!names.add(entry.name())) {
                throw refused("has two entries named " + entry.name());
            }
            stored += entry.compressedSize();
            inflated += entry.deflated() ? entry.size() : 0;
            if (stored > fileSize) {
                throw refused("has entries that overlap: " + stored + " bytes of content in " + fileSize + " of file");
            }
            if (inflated > INFLATED_LIMIT) {
                throw refused("inflates to more than " + (INFLATED_LIMIT >> 20) + " MiB at " + entry.name()
                        + ", a zip bomb? torch stores without compression");
            }
            entries.add(entry);
        }
        return entries;
    }

    private ZipEntry entry(ByteBuffer directory) {
        if (directory.remaining() < 46 || directory.getInt(directory.position()) != CENTRAL_HEADER) {
            throw refused("has a damaged zip directory");
        }
        int at = directory.position();
        int flags = directory.getShort(at + 8);
        int method = directory.getShort(at + 10) & 0xffff;
        int nameSize = directory.getShort(at + 28) & 0xffff;
        int extraSize = directory.getShort(at + 30) & 0xffff;
        int commentSize = directory.getShort(at + 32) & 0xffff;
        if (directory.remaining() < 46 + nameSize + extraSize + commentSize) {
            throw refused("has a damaged zip directory");
        }
        String name = name(directory, at + 46, nameSize);
        long[] wide = {
            directory.getInt(at + 24) & 0xffffffffL,
            directory.getInt(at + 20) & 0xffffffffL,
            directory.getInt(at + 42) & 0xffffffffL
        };
        widen(wide, directory.slice(at + 46 + nameSize, extraSize).order(ByteOrder.LITTLE_ENDIAN));
        directory.position(at + 46 + nameSize + extraSize + commentSize);
        if ((directory.getInt(at + 38) >>> 16 & 0xF000) == SYMLINK) {
            throw refused("has a symbolic link, " + name);
        }
        if ((flags & 1) != 0) {
            throw refused("has an encrypted entry, " + name);
        }
        if (method != 0 && method != 8) {
            throw refused("has an entry of compression method " + method + ", " + name + "; torch stores entries");
        }
        checkSizes(name, method, wide[0], wide[1]);
        return new ZipEntry(name, method == 8, wide[0], wide[1], wide[2]);
    }

    private void checkSizes(String name, int method, long size, long compressed) {
        if (size < 0 || compressed < 0 || compressed > fileSize || (method == 0 && size != compressed)) {
            throw refused("has an entry of impossible size, " + name);
        }
        if (method == 8 && size > 1 << 20 && size / RATIO_LIMIT > compressed) {
            throw refused("has an entry that inflates " + compressed + " bytes to " + size + ", a zip bomb? " + name);
        }
    }

    /** Replaces sizes of all ones by those of the zip64 extra field, which come in this order and only where needed. */
    private static void widen(long[] wide, ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = extra.getShort() & 0xffff;
            int size = Math.min(extra.getShort() & 0xffff, extra.remaining());
            ByteBuffer field = extra.slice(extra.position(), size).order(ByteOrder.LITTLE_ENDIAN);
            extra.position(extra.position() + size);
            if (id == 1) {
                for (int i = 0; i < wide.length && field.remaining() >= 8; i++) {
                    wide[i] = wide[i] == 0xffffffffL ? field.getLong() : wide[i];
                }
            }
        }
    }

    private String name(ByteBuffer directory, int at, int size) {
        if (size == 0 || size > NAME_LIMIT) {
            throw refused("has an entry name of " + size + " bytes, 1 to " + NAME_LIMIT + " are read");
        }
        byte[] bytes = new byte[size];
        directory.get(at, bytes);
        String name = new String(bytes, StandardCharsets.UTF_8);
        String shown = name.replaceAll("\\p{Cntrl}", "?");
        if (name.startsWith("/") || name.contains("\\") || name.contains(":") || !shown.equals(name)) {
            throw refused("has an entry whose name is no plain relative path, '" + shown + "'");
        }
        for (String part : name.split("/", -1)) {
            if (part.equals("..") || part.equals(".")) {
                throw refused("has an entry that leaves its folder, '" + shown + "'");
            }
        }
        return name;
    }

    private ByteBuffer read(long offset, long size) throws IOException {
        if (offset < 0 || size < 0 || offset > fileSize - size) {
            throw refused("is cut short or damaged: its zip directory points past its end");
        }
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        int count = 0;
        while (buffer.hasRemaining() && count >= 0) {
            count = channel.read(buffer, offset + buffer.position());
        }
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private ModelFormatException refused(String why) {
        return new ModelFormatException(file + " " + why);
    }
}
