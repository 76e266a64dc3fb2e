package io.espalier.surgery.torchscript.zip;

import io.espalier.surgery.ModelFormatException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates one entry to exactly the size that the directory announced, which has checked it. */
final class Inflated {
    private static final int PIECE_BYTES = 1 << 16;

    private Inflated() {}

    static ByteBuffer content(ZipEntry entry, RandomBytes stored) {
        byte[] content = new byte[Math.toIntExact(entry.size())];
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).flip();
        Inflater inflater = new Inflater(true);
        try {
            long at = 0;
            int filled = 0;
            // One byte beyond the announced size shows whether there is more.
            byte[] beyond = new byte[1];
            while (!inflater.finished()) {
                boolean full = filled == content.length;
                int count = inflater.inflate(
                        full ? beyond : content, full ? 0 : filled, full ? 1 : content.length - filled);
                if (count > 0 && full) {
                    throw refused(entry, "inflates to more bytes than the directory says");
                }
                filled += count;
                if (count == 0 && !inflater.finished()) {
                    if (!inflater.needsInput() || at == entry.compressedSize()) {
                        throw refused(entry, "is cut short or damaged deflate data");
                    }
                    int size = (int) Math.min(PIECE_BYTES, entry.compressedSize() - at);
                    stored.read(at, piece.clear().limit(size));
                    inflater.setInput(piece.flip());
                    at += size;
                }
            }
            if (filled < content.length) {
                throw refused(entry, "inflates to fewer bytes than the directory says");
            }
            return ByteBuffer.wrap(content);
        } catch (DataFormatException e) {
            throw new ModelFormatException(entry.name() + ": damaged deflate data", e);
        } finally {
            inflater.end();
        }
    }

    private static ModelFormatException refused(ZipEntry entry, String why) {
        return new ModelFormatException(entry.name() + ": " + why);
    }
}
