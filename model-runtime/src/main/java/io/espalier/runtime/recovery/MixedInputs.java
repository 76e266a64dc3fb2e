package io.espalier.runtime.recovery;

import io.espalier.protocol.Datatype;
import io.espalier.runtime.Batches;
import io.espalier.runtime.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws batches from a buffer of inputs, each input once before any comes again, and mixes each with another in a random
 * proportion (Zhang et al., "mixup", arXiv 1710.09412), so that a small buffer is not learned by heart. What the original
 * makes of a mixture is asked of the original, so that no label is mixed. Inputs of models that take anything but float32
 * are left as they are.
 */
final class MixedInputs {
    private final List<List<Tensor>> samples;
    private final int batch;
    private final boolean mixes;
    private final Random random;
    private final List<Integer> order = new ArrayList<>();

    /** {@code samples}: a tensor per input of the model each, batch 1. */
    MixedInputs(List<List<Tensor>> samples, int batch, long seed) {
        this.samples = samples;
        this.batch = Math.min(batch, samples.size());
        this.mixes = samples.get(0).stream().allMatch(tensor -> tensor.type() == Datatype.FP32);
        this.random = new Random(seed);
    }

    List<Tensor> next() {
        List<List<Tensor>> drawn = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            List<Tensor> sample = draw();
            drawn.add(mixes ? mixed(sample, draw(), random.nextFloat()) : sample);
        }
        return Batches.one(drawn);
    }

    private List<Tensor> draw() {
        if (order.isEmpty()) {
            IntStream.range(0, samples.size()).forEach(order::add);
            Collections.shuffle(order, random);
        }
        return samples.get(order.remove(order.size() - 1));
    }

    private static List<Tensor> mixed(List<Tensor> one, List<Tensor> other, float share) {
        List<Tensor> mixed = new ArrayList<>();
        for (int input = 0; input < one.size(); input++) {
            float[] first = one.get(input).toFloats().data();
            float[] second = other.get(input).toFloats().data();
            float[] both = new float[first.length];
            for (int i = 0; i < both.length; i++) {
                both[i] = share * first[i] + (1 - share) * second[i];
            }
            mixed.add(Tensor.ofFloats(one.get(input).shape(), both));
        }
        return mixed;
    }
}
