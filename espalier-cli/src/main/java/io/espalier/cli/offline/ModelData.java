package io.espalier.cli.offline;

import io.espalier.runtime.FloatTensor;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Npz;
import io.espalier.runtime.RandomInputs;
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
     * @param data {@code random}, or a .npz file whose array {@code x} is N,C,H,W float32
     * @param shapes of the model's inputs, batch 1
     * @param samples how many at most
     */
    public static List<List<FloatTensor>> open(ModelRuntime runtime, String data, List<long[]> shapes, int samples) {
        if (data.equals("random")) {
            RandomInputs random = new RandomInputs(shapes, SEED);
            List<List<FloatTensor>> inputs = new ArrayList<>();
            for (int i = 0; i < samples; i++) {
                inputs.add(random.next());
            }
            return inputs;
        }
        if (shapes.size() != 1) {
            throw new IllegalArgumentException(
                    "a .npz file holds one input, and the model has " + shapes.size() + ": use --data random");
        }
        List<List<FloatTensor>> inputs = read(runtime, Path.of(data), shapes.get(0));
        return inputs.subList(0, Math.min(samples, inputs.size()));
    }

    private static List<List<FloatTensor>> read(ModelRuntime runtime, Path file, long[] shape) {
        Map<String, Npz.Array> arrays = new Npz(runtime).read(file);
        if (!(arrays.get("x") instanceof Npz.Float32 x)) {
            throw new IllegalArgumentException(
                    file + " has no float32 array 'x', but " + arrays.keySet() + ": save the inputs as x, of shape N"
                            + Arrays.toString(shape).replaceFirst("\\[\\d+", ""));
        }
        long[] found = x.shape().clone();
        if (found.length > 0) {
            found[0] = 1;
        }
        if (!Arrays.equals(found, shape)) {
            throw new IllegalArgumentException(file + ": array 'x' has shape " + Arrays.toString(x.shape())
                    + ", and the model takes " + Arrays.toString(shape));
        }
        int size = (int) FloatTensor.elements(shape);
        List<List<FloatTensor>> inputs = new ArrayList<>();
        for (int start = 0; start < x.data().length; start += size) {
            inputs.add(List.of(new FloatTensor(shape, Arrays.copyOfRange(x.data(), start, start + size))));
        }
        return inputs;
    }
}
