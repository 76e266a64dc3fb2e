package io.espalier.surgery.torchscript.zip;

import io.espalier.surgery.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads and checks the central directory of a zip file (PKWARE APPNOTE 6.3.10, sections 4.3.12 and 4.5.3). */
final class ZipDirectory {
    private static final int ENTRY_LIMIT = 65_535;
    private static final int NAME_LIMIT = 512;
    private static final long DIRECTORY_LIMIT = 32L << 20;
    private static final long INFLATED_LIMIT = 256L << 20;
    private static final long RATIO_LIMIT = 100;
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
        ZipEnd end = ZipEnd.find(file, channel);
        if (end.count() < 0 || end.count() > ENTRY_LIMIT) {
            throw refused("claims " + end.count() + " entries, more than " + ENTRY_LIMIT + " are not read");
        }
        long size = end.size();
        if (size < 0 || size > Math.min(DIRECTORY_LIMIT, end.count() * (46 + NAME_LIMIT + 1024L))) {
            throw refused("has a zip directory of " + size + " bytes for " + end.count() + " entries");
        }
        List<ZipEntry> entries = entries(ZipEnd.read(file, channel, end.offset(), size), (int) end.count());
        checkPlaces(entries, end.offset());
        return entries;
    }

    private List<ZipEntry> entries(ByteBuffer directory, int count) {
        List<ZipEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long inflated = 0;
        for (int i = 0; i < count; i++) {
            ZipEntry entry = entry(directory);
            if (!names.add(entry.name())) {
                throw refused("has two entries named " + entry.name());
            }
            inflated += entry.deflated() ? entry.size() : 0;
            if (inflated > INFLATED_LIMIT) {
                throw refused("inflates to more than " + (INFLATED_LIMIT >> 20) + " MiB at " + entry.name()
                        + ", a zip bomb? torch stores without compression");
            }
            entries.add(entry);
        }
        return entries;
    }

    /** The local header may be longer by an extra field; what reads an entry finds out and checks the end of the file. */
    private void checkPlaces(List<ZipEntry> entries, long directory) {
        List<ZipEntry> ordered = new ArrayList<>(entries);
        ordered.sort(Comparator.comparingLong(ZipEntry::headerOffset));
        for (int i = 0; i < ordered.size(); i++) {
            ZipEntry entry = ordered.get(i);
            long next = i + 1 < ordered.size() ? ordered.get(i + 1).headerOffset() : directory;
            if (entry.headerOffset() < 0
                    || entry.headerOffset() > fileSize
                    || entry.headerOffset() + 30 + entry.compressedSize() > next) {
                throw refused("has entries that overlap: " + entry.name() + " reaches into what follows it");
            }
        }
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
        return new ZipEntry(name, method == 8, wide[0], wide[1], directory.getInt(at + 16) & 0xffffffffL, wide[2]);
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

    private ModelFormatException refused(String why) {
        return new ModelFormatException(file + " " + why);
    }
}
