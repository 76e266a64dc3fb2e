package io.espalier.surgery.fold;

import io.espalier.surgery.cost.WeightReader;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Reads numbers of stored tensors: vectors whole, weights only row by row. */
final class StoredNumbers {
    private static final int VECTOR_LIMIT = 1 << 20;

    private final TorchScriptModel model;
    private final Map<Parameter, double[]> vectors = new HashMap<>();
    private final Map<Parameter, double[]> sums = new HashMap<>();

    /** Called with each element in row-major order. */
    interface Sink {
        void accept(long position, double value);
    }

    StoredNumbers(TorchScriptModel model) {
        this.model = model;
    }

    /** All elements of a small tensor of real numbers, empty for any other. */
    Optional<double[]> vector(Parameter parameter) {
        if (!parameter.type().isReal() || parameter.elements() > VECTOR_LIMIT) {
            return Optional.empty();
        }
        return Optional.of(vectors.computeIfAbsent(parameter, p -> {
            double[] all = new double[(int) p.elements()];
            read(p, List.of(Map.of()), (at, value) -> all[(int) at] = value);
            return all;
        }));
    }

    void read(Parameter parameter, List<Map<Integer, int[]>> blocks, Sink sink) {
        WeightReader reader = WeightReader.of(parameter.type());
        int width = parameter.type().bytes();
        long[] position = {0};
        model.read(parameter, blocks, (ByteBuffer piece) -> {
            int count = piece.remaining() / width;
            for (int i = 0; i < count; i++) {
                sink.accept(position[0] + i, reader.read(piece, i));
            }
            position[0] += count;
        });
    }

    /** Tells which of some indices along a dimension have nothing but zeros; first looks at one element of each. */
    void silent(Parameter parameter, int dim, int[] indices, IntConsumer found) {
        Map<Integer, int[]> corner = new HashMap<>();
        for (int d = 0; d < parameter.shape().length; d++) {
            corner.put(d, d == dim ? indices : new int[] {0});
        }
        int[] left = silent(parameter, dim, indices, corner);
        Arrays.stream(silent(parameter, dim, left, Map.of(dim, left))).forEach(found);
    }

    private int[] silent(Parameter parameter, int dim, int[] indices, Map<Integer, int[]> chosen) {
        boolean[] loud = new boolean[indices.length];
        long inner = 1;
        for (int d = dim + 1; d < parameter.shape().length; d++) {
            inner *= chosen.containsKey(d) ? chosen.get(d).length : parameter.shape()[d];
        }
        long below = inner;
        if (indices.length > 0) {
            read(parameter, List.of(chosen), (at, value) -> loud[(int) (at / below % indices.length)] |= value != 0);
        }
        return IntStream.range(0, indices.length)
                .filter(i -> !loud[i])
                .map(i -> indices[i])
                .toArray();
    }

    /** Sum per index of dimension 0; NaN where all elements are zero. For weights of one input channel a row. */
    double[] rowSums(Parameter parameter) {
        return sums.computeIfAbsent(parameter, p -> {
            int rows = (int) p.shape()[0];
            long inner = p.elements() / rows;
            double[] sum = new double[rows];
            boolean[] loud = new boolean[rows];
            read(p, List.of(Map.of()), (at, value) -> {
                sum[(int) (at / inner)] += value;
                loud[(int) (at / inner)] |= value != 0;
            });
            Arrays.setAll(sum, row -> loud[row] ? sum[row] : Double.NaN);
            return sum;
        });
    }
}
