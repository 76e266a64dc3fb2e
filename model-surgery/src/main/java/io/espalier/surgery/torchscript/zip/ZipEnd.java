package io.espalier.surgery.torchscript.zip;

import io.espalier.surgery.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * Where the end of a zip file says that its directory is (PKWARE APPNOTE 6.3.10, sections 4.3.14 to 4.3.16), unchecked.
 *
 * @param count of entries
 * @param offset of the directory, from the start of the file
 * @param size of the directory, in bytes
 */
record ZipEnd(long count, long offset, long size) {
    private static final int END = 0x06054b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int END_SIZE = 22;
    private static final int COMMENT_LIMIT = 65_535;

    /** {@code file}: its name, for messages. Throws ModelFormatException when the file is no zip file. */
    static ZipEnd find(String file, FileChannel channel) throws IOException {
        long fileSize = channel.size();
        if (fileSize == 0) {
            throw refused(file, "is empty");
        }
        int tailSize = (int) Math.min(fileSize, 20 + END_SIZE + COMMENT_LIMIT);
        ByteBuffer tail = read(file, channel, fileSize - tailSize, tailSize);
        int end = place(tail);
        if (end < 0) {
            throw noZip(file, read(file, channel, 0, Math.min(4, fileSize)));
        }
        if (end >= 20 && tail.getInt(end - 20) == LOCATOR_64) {
            ByteBuffer end64 = read(file, channel, tail.getLong(end - 12), 56);
            if (end64.getInt(0) != END_64) {
                throw refused(file, "has a damaged zip64 directory");
            }
            return new ZipEnd(end64.getLong(32), end64.getLong(48), end64.getLong(40));
        }
        return new ZipEnd(
                tail.getShort(end + 10) & 0xffff,
                tail.getInt(end + 16) & 0xffffffffL,
                tail.getInt(end + 12) & 0xffffffffL);
    }

    private static int place(ByteBuffer tail) {
        for (int at = tail.limit() - END_SIZE; at >= 0; at--) {
            // The comment must end with the file: a signature within a comment starts no record.
            if (tail.getInt(at) == END && at + END_SIZE + (tail.getShort(at + 20) & 0xffff) == tail.limit()) {
                return at;
            }
        }
        return -1;
    }

    private static ModelFormatException noZip(String file, ByteBuffer head) {
        if (head.limit() == 4 && head.getInt(0) == LOCAL_HEADER) {
            return refused(file, "is cut short: it starts as a zip file but its directory is missing");
        }
        if (head.get(0) == (byte) 0x80) {
            return refused(
                    file,
                    "is a bare pickle, not a TorchScript archive; save with torch.jit.trace(model, example).save");
        }
        return refused(file, "is not a TorchScript archive: it is no zip file");
    }

    /** Bytes of the file, little-endian; throws ModelFormatException when it is not that long. */
    static ByteBuffer read(String file, FileChannel channel, long offset, long size) throws IOException {
        if (offset < 0 || size < 0 || offset > channel.size() - size) {
            throw refused(file, "is cut short or damaged: its zip directory points past its end");
        }
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(size));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw refused(file, "was cut short while it was read");
            }
        }
        return buffer.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ModelFormatException refused(String file, String why) {
        return new ModelFormatException(file + " " + why);
    }
}
