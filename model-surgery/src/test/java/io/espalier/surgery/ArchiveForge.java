package io.espalier.surgery;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipFile;

/** Writes zip files byte by byte, so that tests can lie in them. */
final class ArchiveForge {
    private final List<Entry> entries = new ArrayList<>();
    private int copies;

    /** {@code claimedSize}: what the directory says the content inflates to, -1 for the truth. */
    @SuppressWarnings("ArrayRecordComponent") // test data, never compared
    record Entry(String name, byte[] content, boolean deflate, int attributes, long claimedSize) {}

    static ArchiveForge of(Path archive) throws IOException {
        ArchiveForge forge = new ArchiveForge();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends java.util.zip.ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                java.util.zip.ZipEntry entry = all.nextElement();
                forge.with(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return forge;
    }

    ArchiveForge with(String name, String content) {
        return with(name, content.getBytes(StandardCharsets.UTF_8));
    }

    ArchiveForge with(String name, byte[] content) {
        return with(new Entry(name, content, false, 0, -1));
    }

    ArchiveForge with(Entry entry) {
        entries.add(entry);
        return this;
    }

    ArchiveForge without(Predicate<String> condition) {
        entries.removeIf(entry -> condition.test(entry.name()));
        return this;
    }

    ArchiveForge replace(String name, byte[] content) {
        return replace(new Entry(name, content, false, 0, -1));
    }

    ArchiveForge replace(Entry entry) {
        return without(entry.name()::equals).with(entry);
    }

    ArchiveForge deflated() {
        entries.replaceAll(e -> new Entry(e.name(), e.content(), true, e.attributes(), -1));
        return this;
    }

    /** Adds directory entries that all point at the first entry's content. */
    ArchiveForge sharingOneContent(int count) {
        copies = count;
        return this;
    }

    byte[] content(String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow()
                .content();
    }

    byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream directory = new ByteArrayOutputStream();
        int count = 0;
        for (Entry entry : entries) {
            byte[] stored = entry.deflate() ? deflate(entry.content()) : entry.content();
            int offset = out.size();
            byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
            out.write(header(entry, stored, name, 0x04034b50, 30));
            out.write(name);
            out.write(stored);
            directory.write(central(entry, stored, name, offset));
            count++;
            for (int i = 0; i < copies && offset == 0; i++) {
                byte[] other = ("residual/copy" + i).getBytes(StandardCharsets.UTF_8);
                directory.write(central(entry, stored, other, offset));
                count++;
            }
        }
        int start = out.size();
        out.write(directory.toByteArray());
        byte[] end = new byte[22];
        ByteBuffer filled = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
        filled.putInt(0x06054b50).putInt(0).putShort((short) count).putShort((short) count);
        filled.putInt(directory.size()).putInt(start);
        out.write(end);
        return out.toByteArray();
    }

    private static byte[] central(Entry entry, byte[] stored, byte[] name, int offset) {
        byte[] bytes = new byte[46 + name.length];
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0x02014b50).putShort((short) 0);
        header.put(header(entry, stored, name, 0, 30), 4, 26);
        header.putShort(32, (short) 0).putInt(38, entry.attributes()).putInt(42, offset);
        header.put(46, name);
        return bytes;
    }

    private static byte[] header(Entry entry, byte[] stored, byte[] name, int signature, int size) {
        CRC32 crc = new CRC32();
        crc.update(entry.content());
        long claimed = entry.claimedSize() < 0 ? entry.content().length : entry.claimedSize();
        byte[] bytes = new byte[size];
        ByteBuffer header = ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(signature)
                .putShort((short) 20)
                .putShort((short) 0);
        header.putShort((short) (entry.deflate() ? 8 : 0)).putInt(0).putInt((int) crc.getValue());
        header.putInt(stored.length).putInt((int) claimed).putShort((short) name.length);
        return bytes;
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
        deflater.end();
        return out.toByteArray();
    }
}
