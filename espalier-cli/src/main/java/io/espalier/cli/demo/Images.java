package io.espalier.cli.demo;

import io.espalier.runtime.FloatTensor;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Npz;
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
    static Images read(ModelRuntime runtime, Path file) {
        Map<String, Npz.Array> arrays = new Npz(runtime).read(file);
        Npz.Float32 x = (Npz.Float32) arrays.get("x");
        Npz.Int64 y = (Npz.Int64) arrays.get("y");
        return new Images(new FloatTensor(x.shape(), x.data()), y.data());
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
