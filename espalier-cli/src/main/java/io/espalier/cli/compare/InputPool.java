package io.espalier.cli.compare;

import io.espalier.cli.offline.ModelData;
import io.espalier.runtime.InputSpec;
import io.espalier.runtime.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The inputs of a file, of which each seed draws its own. */
public final class InputPool {
    private final List<Tensor> columns;
    private final int rows;

    private InputPool(List<Tensor> columns) {
        this.columns = columns;
        this.rows = Math.toIntExact(columns.get(0).shape()[0]);
    }

    /**
     * Reads a .npz file.
     *
     * @throws IllegalArgumentException when the file has not what the model takes, or that takes no single inputs
     */
    public static InputPool read(Path file, List<InputSpec> inputs) {
        if (inputs.stream().anyMatch(input -> input.shape()[0] != 1)) {
            throw new IllegalArgumentException("inputs are drawn one at a time, and here are " + inputs
                    + ": give --input-shape with a first size, the batch, of 1");
        }
        return new InputPool(ModelData.columns(file, inputs));
    }

    int size() {
        return rows;
    }

    /** That many of a random order, or all where there are fewer. */
    List<List<Tensor>> drawn(int seed, int samples) {
        return rows(seed, 0, samples);
    }

    /** So many of those that the seed did not draw. */
    List<List<Tensor>> others(int seed, int samples, int most) {
        return rows(seed, samples, most);
    }

    private List<List<Tensor>> rows(int seed, int skipped, int most) {
        List<Integer> order = IntStream.range(0, rows).boxed().collect(Collectors.toList());
        Collections.shuffle(order, new Random(seed));
        return order.stream().skip(skipped).limit(most).map(this::row).toList();
    }

    private List<Tensor> row(int index) {
        return columns.stream().map(column -> column.row(index)).toList();
    }
}
