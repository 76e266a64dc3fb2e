package io.espalier.cli.offline;

import io.espalier.protocol.Datatype;
import io.espalier.runtime.Batches;
import io.espalier.runtime.InputSpec;
import io.espalier.runtime.Npz;
import io.espalier.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Inputs of a model, one sample each, and their classes where the file has some.
 *
 * @param labels one for each sample
 */
public record LabelledData(List<List<Tensor>> samples, Optional<long[]> labels) {
    private static final String LABELS = "y";
    private static final int BATCH = 100;

    /** No inputs at all. */
    public static final LabelledData NONE = new LabelledData(List.of(), Optional.empty());

    /**
     * Reads a .npz file as {@link ModelData} does; its array {@code y}, if there is one, is labels.
     *
     * @throws IllegalArgumentException when the file has not what the model takes, or not a whole number for each row
     */
    public static LabelledData read(Path file, List<InputSpec> inputs, int samples) {
        List<List<Tensor>> read = ModelData.open(file.toString(), inputs, samples);
        boolean isInput = inputs.stream().anyMatch(input -> input.name().equals(LABELS));
        Tensor labels = isInput ? null : Npz.read(file).get(LABELS);
        if (labels == null) {
            return new LabelledData(read, Optional.empty());
        }
        if (labels.type().isFloating() || labels.type() == Datatype.BOOL || labels.size() < read.size()) {
            throw new IllegalArgumentException(
                    file + ": array '" + LABELS + "' is " + labels + ": save a class number for each row, as int64");
        }
        return new LabelledData(read, Optional.of(Arrays.copyOf(labels.wholes(), read.size())));
    }

    /** Some of them, by index. */
    public LabelledData of(List<Integer> indices) {
        return new LabelledData(
                indices.stream().map(samples::get).toList(),
                labels.map(all -> indices.stream().mapToLong(i -> all[i]).toArray()));
    }

    /** The samples in batches. */
    public List<List<Tensor>> batches() {
        return Batches.of(samples, BATCH);
    }
}
