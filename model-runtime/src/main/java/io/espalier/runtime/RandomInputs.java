package io.espalier.runtime;

import java.util.List;
import java.util.Random;

/** Inputs of given shapes, filled from the standard normal distribution; the same seed gives the same inputs. */
public final class RandomInputs {
    private final List<long[]> shapes;
    private final Random random;

    public RandomInputs(List<long[]> shapes, long seed) {
        this.shapes = List.copyOf(shapes);
        this.random = new Random(seed);
    }

    /** The next input: a tensor per shape. */
    public List<FloatTensor> next() {
        return shapes.stream().map(this::fill).toList();
    }

    private FloatTensor fill(long[] shape) {
        float[] data = new float[Math.toIntExact(FloatTensor.elements(shape))];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return new FloatTensor(shape.clone(), data);
    }
}
