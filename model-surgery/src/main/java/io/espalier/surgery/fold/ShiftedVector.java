package io.espalier.surgery.fold;

import io.espalier.surgery.cost.WeightReader;
import io.espalier.surgery.graph.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A stored vector with numbers added to its elements; an element that nothing is added to keeps its bits. */
public final class ShiftedVector {
    private ShiftedVector() {}

    /** {@code kept}: indices of the elements to give, in order. Returns a new little-endian buffer, ready to be read. */
    public static ByteBuffer of(ByteBuffer content, ElementType type, double[] shift, int[] kept) {
        int width = type.bytes();
        WeightReader reader = WeightReader.of(type);
        ByteBuffer shifted =
                ByteBuffer.allocate(Math.multiplyExact(width, kept.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < kept.length; i++) {
            int from = kept[i];
            if (shift[from] == 0) {
                shifted.put(i * width, content, from * width, width);
            } else {
                ElementWriter.write(type, shifted, i, reader.read(content, from) + shift[from]);
            }
        }
        return shifted;
    }
}
