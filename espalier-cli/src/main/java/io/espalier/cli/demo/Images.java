package io.espalier.cli.demo;

import io.espalier.runtime.FloatTensor;
import io.espalier.runtime.Npz;
import io.espalier.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Labelled images.
 *
 * @param pixels float32 [count, channels, height, width]
 * @param labels a class per image
 */
record Images(FloatTensor pixels, long[] labels) {
    static Images read(Path file) {
        Map<String, Tensor> arrays = Npz.read(file);
        return new Images(arrays.get("x").toFloats(), arrays.get("y").wholes());
    }

    int count() {
        return labels.length;
    }

    /** Images {@code start} to {@code end - 1} as one batch. */
    FloatTensor batch(int start, int end) {
        int size = pixels.data().length / count();
        long[] shape = pixels.shape().clone();
        shape[0] = (long) end - start;
        return new FloatTensor(shape, Arrays.copyOfRange(pixels.data(), start * size, end * size));
    }
}
