package io.espalier.surgery.torchscript.zip;

import io.espalier.surgery.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The content of a stored entry, read from the file. Not mapped: the JVM unmaps by garbage collection alone, so that every
 * weight once read would stay resident, and a file cut short meanwhile would end in an error of the JVM itself.
 */
public final class StoredBytes implements RandomBytes {
    private final ZipEntry entry;
    private final FileChannel channel;
    private final long start;

    /** {@code start}: of the content in the file. The channel is closed with this. */
    StoredBytes(ZipEntry entry, FileChannel channel, long start) {
        this.entry = entry;
        this.channel = channel;
        this.start = start;
    }

    @Override
    public void read(long at, ByteBuffer into) {
        if (at < 0 || at > entry.compressedSize() - into.remaining()) {
            throw new ModelFormatException(entry.name() + ": is read past its end");
        }
        try {
            long origin = start + at - into.position();
            while (into.hasRemaining()) {
                if (channel.read(into, origin + into.position()) < 0) {
                    throw cutShort();
                }
            }
        } catch (IOException e) {
            throw new ModelFormatException(entry.name() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Appends all of it to another file, within the kernel where that can be. */
    void transferTo(FileChannel target) throws IOException {
        long done = 0;
        while (done < entry.compressedSize()) {
            long count = channel.transferTo(start + done, entry.compressedSize() - done, target);
            if (count <= 0) {
                throw cutShort();
            }
            done += count;
        }
    }

    private ModelFormatException cutShort() {
        return new ModelFormatException(entry.name() + ": the file ends inside this entry");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ModelFormatException(entry.name() + ": cannot be closed: " + e.getMessage(), e);
        }
    }
}
