package io.espalier.surgery.torchscript;

import io.espalier.surgery.torchscript.zip.RandomBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads chosen elements of a strided tensor in row-major order, in pieces of bounded size. The file is read in its own
 * order within a piece: as one span where that is small enough, else index by index along the largest stride.
 */
final class TensorReader {
    private static final int PIECE_BYTES = 1 << 18;
    private static final int SPAN_BYTES = 1 << 20;

    private final StoredTensor tensor;
    private final RandomBytes storage;
    private final int width;
    private final ByteBuffer span;

    TensorReader(StoredTensor tensor, RandomBytes storage) {
        this.tensor = tensor;
        this.storage = storage;
        this.width = tensor.type().bytes();
        this.span = little((int) Math.min(SPAN_BYTES, tensor.count() * width));
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Hands the elements to the sink whose index along each dimension is among those chosen, in the order chosen; a
     * dimension that is not in the map is taken whole.
     */
    void read(Map<Integer, int[]> chosen, Consumer<ByteBuffer> sink) {
        List<TensorAxis> axes = TensorAxis.of(tensor, chosen);
        if (elements(axes) == 0) {
            return;
        }
        long inner = 1;
        int split = axes.size();
        while (split > 0 && inner * axes.get(split - 1).count() <= PIECE_BYTES / width) {
            inner *= axes.get(--split).count();
        }
        // Below the split everything fits into a piece; along the axis before it, as many indices as fit do.
        long step = Math.max(1, PIECE_BYTES / width / inner);
        ByteBuffer piece = little((int) Math.min(PIECE_BYTES, elements(axes) * width));
        pieces(new ArrayList<>(axes), 0, split, step, piece, sink);
    }

    private static long elements(List<TensorAxis> axes) {
        return axes.stream().mapToLong(TensorAxis::count).reduce(1, Math::multiplyExact);
    }

    private void pieces(
            List<TensorAxis> box, int dim, int split, long step, ByteBuffer piece, Consumer<ByteBuffer> sink) {
        if (dim >= split) {
            fill(box, piece.clear().limit((int) (elements(box) * width)));
            sink.accept(piece.rewind());
            return;
        }
        TensorAxis whole = box.get(dim);
        long size = dim == split - 1 ? step : 1;
        for (long from = 0; from < whole.count(); from += size) {
            box.set(dim, whole.part(from, Math.min(whole.count(), from + size)));
            pieces(box, dim + 1, split, step, piece, sink);
        }
        box.set(dim, whole);
    }

    private void fill(List<TensorAxis> box, ByteBuffer piece) {
        if (box.size() == 1 && box.get(0).isRun()) {
            storage.read((tensor.offset() + box.get(0).index(0)) * width, piece);
            return;
        }
        List<Placed> placed = new ArrayList<>();
        long step = 1;
        for (int d = box.size() - 1; d >= 0; d--) {
            placed.add(new Placed(box.get(d), step));
            step *= box.get(d).count();
        }
        placed.sort(Comparator.comparingLong((Placed p) -> p.axis().stride()).reversed());
        fill(placed, tensor.offset(), 0, piece);
    }

    /** An axis of a piece, and how far apart its indices lie in the piece. */
    private record Placed(TensorAxis axis, long step) {}

    private void fill(List<Placed> axes, long base, long out, ByteBuffer piece) {
        long low = base;
        long length = 1;
        for (Placed placed : axes) {
            low += placed.axis().low();
            length += placed.axis().high() - placed.axis().low();
        }
        if (length <= SPAN_BYTES / width) {
            storage.read(low * width, span.clear().limit((int) (length * width)));
            gather(axes, 0, base - low, out, piece);
            return;
        }
        Placed first = axes.get(0);
        for (long i = 0; i < first.axis().count(); i++) {
            fill(axes.subList(1, axes.size()), base + first.axis().index(i), out + i * first.step(), piece);
        }
    }

    private void gather(List<Placed> axes, int level, long from, long to, ByteBuffer piece) {
        if (level == axes.size()) {
            copy((int) from * width, (int) to * width, width, piece);
            return;
        }
        TensorAxis axis = axes.get(level).axis();
        long step = axes.get(level).step();
        boolean last = level == axes.size() - 1;
        if (last && step == 1 && axis.isRun()) {
            copy((int) (from + axis.index(0)) * width, (int) to * width, (int) axis.count() * width, piece);
            return;
        }
        for (int i = 0; i < axis.count(); i++) {
            if (last) {
                copy((int) (from + axis.index(i)) * width, (int) (to + i * step) * width, width, piece);
            } else {
                gather(axes, level + 1, from + axis.index(i), to + i * step, piece);
            }
        }
    }

    private void copy(int from, int to, int size, ByteBuffer piece) {
        // Single elements are the common case of columns cut from a matrix, and an array copy is slow for them.
        switch (size) {
            case 4 -> piece.putInt(to, span.getInt(from));
            case 2 -> piece.putShort(to, span.getShort(from));
            case 8 -> piece.putLong(to, span.getLong(from));
            default -> piece.put(to, span, from, size);
        }
    }
}
