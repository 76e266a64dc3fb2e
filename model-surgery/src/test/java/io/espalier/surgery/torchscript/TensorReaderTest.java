package io.espalier.surgery.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.torchscript.zip.RandomBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TensorReaderTest {
    /** Element i of the storage is the number i. */
    private static RandomBytes storage(int elements) {
        ByteBuffer content = ByteBuffer.allocate(4 * elements).order(ByteOrder.LITTLE_ENDIAN);
        IntStream.range(0, elements).forEach(content::putInt);
        return RandomBytes.of("storage", content.flip());
    }

    private static StoredTensor tensor(int elements, int offset, List<Long> shape, List<Long> strides) {
        return new StoredTensor(null, "storage", "0", ElementType.INT32, elements, offset, shape, strides);
    }

    private static int[] read(StoredTensor tensor, RandomBytes storage, Map<Integer, int[]> chosen) {
        List<Integer> read = new ArrayList<>();
        new TensorReader(tensor, storage).read(chosen, piece -> {
            assertThat(piece.remaining()).isPositive().isLessThanOrEqualTo(1 << 18);
            while (piece.hasRemaining()) {
                read.add(piece.getInt());
            }
        });
        return read.stream().mapToInt(Integer::intValue).toArray();
    }

    /** By index arithmetic, one element at a time. */
    private static int[] expected(StoredTensor tensor, Map<Integer, int[]> chosen) {
        List<Integer> found = new ArrayList<>();
        collect(tensor, chosen, 0, (int) tensor.offset(), found);
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void collect(StoredTensor tensor, Map<Integer, int[]> chosen, int dim, int at, List<Integer> found) {
        if (dim == tensor.shape().size()) {
            found.add(at);
            return;
        }
        int[] all = IntStream.range(0, tensor.shape().get(dim).intValue()).toArray();
        for (int index : chosen.getOrDefault(dim, all)) {
            collect(
                    tensor,
                    chosen,
                    dim + 1,
                    at + index * tensor.strides().get(dim).intValue(),
                    found);
        }
    }

    /** Any order of the dimensions in the storage, gaps, repeats, offsets; any choice of indices in any order. */
    @Property(tries = 500)
    void readsTheChosenElementsOfAnyView(@ForAll long seed) {
        Random random = new Random(seed);
        int rank = random.nextInt(5);
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(order, random);
        Long[] shape = new Long[rank];
        Long[] strides = new Long[rank];
        long stride = 1L + random.nextInt(2);
        Map<Integer, int[]> chosen = new HashMap<>();
        for (int dim : order) {
            shape[dim] = (long) (random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(9));
            strides[dim] = random.nextInt(10) == 0 ? 0 : stride;
            stride *= Math.max(1, shape[dim]) + (random.nextInt(4) == 0 ? 1 : 0);
            if (random.nextBoolean()) {
                int[] indices = random.ints(random.nextInt(6), 0, (int) Math.max(1, shape[dim]))
                        .filter(i -> i < shape[dim])
                        .toArray();
                chosen.put(
                        dim,
                        random.nextBoolean()
                                ? indices
                                : Arrays.stream(indices).sorted().toArray());
            }
        }
        int offset = random.nextInt(7);
        int elements = (int) stride * 2 + offset;
        StoredTensor tensor = tensor(elements, offset, List.of(shape), List.of(strides));
        assertThat(read(tensor, storage(elements), chosen)).isEqualTo(expected(tensor, chosen));
    }

    /** Larger than a piece and than a span, so that it is read in several ways. */
    @Test
    void readsLargeTensorsPieceByPiece() {
        RandomBytes storage = storage(700 * 900);
        int[] rows = IntStream.range(0, 700).filter(i -> i % 3 > 0).toArray();
        int[] columns = IntStream.range(0, 900).map(i -> (i * 7) % 900).toArray();
        for (List<Long> strides : List.of(List.of(900L, 1L), List.of(1L, 700L))) {
            StoredTensor tensor = tensor(700 * 900, 0, List.of(700L, 900L), strides);
            for (Map<Integer, int[]> chosen : List.of(
                    Map.<Integer, int[]>of(), Map.of(0, rows), Map.of(1, columns), Map.of(0, rows, 1, columns))) {
                assertThat(Arrays.equals(read(tensor, storage, chosen), expected(tensor, chosen)))
                        .isTrue();
            }
        }
    }

    @Test
    void refusesAnIndexThatIsNone() {
        StoredTensor tensor = tensor(6, 0, List.of(2L, 3L), List.of(3L, 1L));
        assertThatThrownBy(() -> read(tensor, storage(6), Map.of(1, new int[] {3})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("index 3 of dimension 1 of size 3");
    }
}
