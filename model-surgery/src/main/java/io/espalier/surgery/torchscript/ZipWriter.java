package io.espalier.surgery.torchscript;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Writes stored entries the way PyTorch does (caffe2/serialize/inline_container.cc): content aligned to 64 bytes by an
 * extra field "FB", no time stamps, so that the same entries give the same file.
 */
final class ZipWriter implements Closeable {
    private static final int ALIGNMENT = 64;
    private static final long LIMIT = 0xffffffffL;

    private final FileChannel channel;
    private final List<byte[]> names = new ArrayList<>();
    private final List<long[]> places = new ArrayList<>();
    private long position;

    ZipWriter(Path file) throws IOException {
        channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    /** Appends one entry whose content is what remains in the buffer. */
    void add(String name, ByteBuffer content) throws IOException {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(content.duplicate());
        long size = content.remaining();
        int padding = Math.floorMod(-(position + 30 + encoded.length + 4), ALIGNMENT);
        if (position + 30 + encoded.length + 4 + padding + size > LIMIT) {
            throw new IOException("the archive would pass 4 GiB at " + name + ", which is not written");
        }
        names.add(encoded);
        places.add(new long[] {position, crc.getValue(), size});
        ByteBuffer header = buffer(30 + encoded.length + 4 + padding).putInt(0x04034b50);
        common(header, crc.getValue(), size, encoded.length).putShort((short) (4 + padding));
        header.put(encoded).put((byte) 'F').put((byte) 'B').putShort((short) padding);
        while (header.hasRemaining()) {
            header.put((byte) 'Z');
        }
        write(header.flip());
        write(content.duplicate());
    }

    /** Writes the directory and closes the file. */
    void finish() throws IOException {
        long start = position;
        for (int i = 0; i < names.size(); i++) {
            long[] place = places.get(i);
            ByteBuffer header =
                    buffer(46 + names.get(i).length).putInt(0x02014b50).putShort((short) 0);
            common(header, place[1], place[2], names.get(i).length).putShort((short) 0);
            header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
            write(header.putInt((int) place[0]).put(names.get(i)).flip());
        }
        if (position > LIMIT) {
            throw new IOException("the archive would pass 4 GiB, which is not written");
        }
        ByteBuffer end = buffer(22).putInt(0x06054b50).putInt(0);
        end.putShort((short) names.size()).putShort((short) names.size());
        write(end.putInt((int) (position - start))
                .putInt((int) start)
                .putShort((short) 0)
                .flip());
        close();
    }

    private static ByteBuffer common(ByteBuffer header, long crc, long size, int nameSize) {
        // Version 2.0, names in UTF-8, stored, no date.
        header.putShort((short) 20).putShort((short) 0x0800).putShort((short) 0).putInt(0);
        return header.putInt((int) crc).putInt((int) size).putInt((int) size).putShort((short) nameSize);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
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
