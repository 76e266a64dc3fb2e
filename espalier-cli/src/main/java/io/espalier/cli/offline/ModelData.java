package io.espalier.cli.offline;

import io.espalier.protocol.Datatype;
import io.espalier.runtime.InputSpec;
import io.espalier.runtime.Npz;
import io.espalier.runtime.RandomInputs;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.TensorBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Inputs for a model, one sample each, from a file or drawn at random. */
public final class ModelData {
    private static final long SEED = 1;

    private ModelData() {}

    /**
     * Inputs as {@code --data} names them.
     *
     * @param data {@code random}, or a .npz file with an array of N rows for each input: by the input's name, or
     *     {@code x} where there is one input only
     * @param inputs of the model, batch 1
     * @param samples how many at most
     * @throws IllegalArgumentException when the file has not what the model takes
     */
    public static List<List<Tensor>> open(String data, List<InputSpec> inputs, int samples) {
        List<List<Tensor>> drawn = new ArrayList<>();
        if (data.equals("random")) {
            RandomInputs random = RandomInputs.of(inputs, SEED);
            for (int i = 0; i < samples; i++) {
                drawn.add(random.next());
            }
            return drawn;
        }
        List<Tensor> columns = columns(Path.of(data), inputs);
        long rows = columns.get(0).shape()[0];
        for (int row = 0; row < Math.min(samples, rows); row++) {
            int index = row;
            drawn.add(columns.stream().map(column -> column.row(index)).toList());
        }
        return drawn;
    }

    /**
     * All rows of a .npz file, as {@link #open} reads it, an array for each input.
     *
     * @throws IllegalArgumentException when the file has not what the model takes
     */
    public static List<Tensor> columns(Path file, List<InputSpec> inputs) {
        Map<String, Tensor> arrays = Npz.read(file);
        List<Tensor> columns = new ArrayList<>();
        for (InputSpec input : inputs) {
            String name = inputs.size() == 1 && !arrays.containsKey(input.name()) ? "x" : input.name();
            Tensor array = arrays.get(name);
            String wanted = input.type() + " of shape N"
                    + Arrays.toString(input.shape()).replaceFirst("\\[\\d+", "");
            if (array == null) {
                throw new IllegalArgumentException(file + " has no array '" + name + "', but " + arrays.keySet()
                        + ": save the values of input " + input.name() + " as " + name + ", " + wanted);
            }
            long[] shape = array.shape().clone();
            if (shape.length > 0) {
                shape[0] = 1;
            }
            if (!Arrays.equals(shape, input.shape())) {
                throw new IllegalArgumentException(file + ": array '" + name + "' has shape "
                        + Arrays.toString(array.shape()) + ", and the model takes " + wanted);
            }
            columns.add(converted(array, input.type(), file + ": array '" + name + "'"));
        }
        if (columns.stream().mapToLong(column -> column.shape()[0]).distinct().count() > 1) {
            throw new IllegalArgumentException(file + ": its arrays have different numbers of rows");
        }
        return columns;
    }

    /** Rounds to a floating type; whole numbers must fit. */
    private static Tensor converted(Tensor array, Datatype type, String what) {
        if (array.type() == type) {
            return array;
        }
        if (array.type().isFloating() && !type.isFloating()) {
            throw new IllegalArgumentException(what + " is of type " + array.type() + ", and the model takes " + type);
        }
        TensorBuilder builder = new TensorBuilder(type, array.size());
        try {
            for (int i = 0; i < array.size(); i++) {
                if (array.type().isFloating()) {
                    builder.add(array.real(i));
                } else {
                    builder.add(array.whole(i));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " holds a number that " + type + " cannot", e);
        }
        return builder.build(array.shape());
    }
}
