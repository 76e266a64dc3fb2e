package io.espalier.surgery.torchscript.zip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The headers of a zip file of stored entries, the way PyTorch writes them (caffe2/serialize/inline_container.cc): content
 * aligned to 64 bytes by an extra field "FB", no time stamps, so that the same entries give the same file. Entries, offsets
 * and directories that need it get zip64 fields (PKWARE APPNOTE 6.3.10, sections 4.3.14, 4.3.15 and 4.5.3).
 */
final class ZipHeaders {
    /** Of the checksum within the local header. */
    static final int CRC_PLACE = 14;

    private static final int ALIGNMENT = 64;
    private static final int WIDE_SIZES = 4 + 2 * 8;
    private static final int MAX_16 = 0xffff;

    private final long wideAt;

    /** An entry in the file: where its local header is, and what the directory says of it. */
    @SuppressWarnings("ArrayRecordComponent") // internal, never compared
    record Written(byte[] name, long offset, long crc, long size) {}

    /** {@code wideAt}: the first size or offset that is written as zip64. */
    ZipHeaders(long wideAt) {
        this.wideAt = wideAt;
    }

    /** What comes before the content, which is aligned by it. */
    ByteBuffer local(Written entry) {
        int wide = entry.size() >= wideAt ? WIDE_SIZES : 0;
        int size = 30 + entry.name().length + wide + 4;
        int padding = Math.floorMod(-(entry.offset() + size), ALIGNMENT);
        ByteBuffer header = little(size + padding).putInt(0x04034b50).putShort(version(wide > 0));
        common(header, entry).putShort((short) (wide + 4 + padding)).put(entry.name());
        if (wide > 0) {
            header.putShort((short) 1)
                    .putShort((short) 16)
                    .putLong(entry.size())
                    .putLong(entry.size());
        }
        header.put((byte) 'F').put((byte) 'B').putShort((short) padding);
        while (header.hasRemaining()) {
            header.put((byte) 'Z');
        }
        return header.flip();
    }

    static ByteBuffer crc(long value) {
        return little(4).putInt((int) value).flip();
    }

    /** An entry of the directory. */
    ByteBuffer central(Written entry) {
        boolean wideSize = entry.size() >= wideAt;
        boolean wideOffset = entry.offset() >= wideAt;
        boolean wide = wideSize || wideOffset;
        int extra = (wide ? 4 : 0) + (wideSize ? 16 : 0) + (wideOffset ? 8 : 0);
        ByteBuffer header = little(46 + entry.name().length + extra)
                .putInt(0x02014b50)
                .putShort((short) 0)
                .putShort(version(wide));
        common(header, entry).putShort((short) extra);
        header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        header.putInt(wideOffset ? -1 : (int) entry.offset()).put(entry.name());
        if (wide) {
            header.putShort((short) 1).putShort((short) (extra - 4));
        }
        if (wideSize) {
            header.putLong(entry.size()).putLong(entry.size());
        }
        if (wideOffset) {
            header.putLong(entry.offset());
        }
        return header.flip();
    }

    /** What comes behind the directory. */
    ByteBuffer end(int count, long start, long size) {
        boolean wide = count >= MAX_16 || start >= wideAt || size >= wideAt;
        ByteBuffer end = little((wide ? 56 + 20 : 0) + 22);
        if (wide) {
            end.putInt(0x06064b50).putLong(44).putShort(version(true)).putShort(version(true));
            end.putInt(0).putInt(0).putLong(count).putLong(count).putLong(size).putLong(start);
            end.putInt(0x07064b50).putInt(0).putLong(start + size).putInt(1);
        }
        short narrow = (short) (wide ? MAX_16 : count);
        end.putInt(0x06054b50).putInt(0).putShort(narrow).putShort(narrow);
        return end.putInt(wide ? -1 : (int) size)
                .putInt(wide ? -1 : (int) start)
                .putShort((short) 0)
                .flip();
    }

    private static short version(boolean wide) {
        return (short) (wide ? 45 : 20);
    }

    /** From the flags to the length of the name: names in UTF-8, stored, no date. */
    private ByteBuffer common(ByteBuffer header, Written entry) {
        int narrow = entry.size() >= wideAt ? -1 : (int) entry.size();
        header.putShort((short) 0x0800).putShort((short) 0).putInt(0);
        header.putInt((int) entry.crc()).putInt(narrow).putInt(narrow);
        return header.putShort((short) entry.name().length);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
