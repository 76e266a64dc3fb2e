package io.espalier.runtime.recovery;

import io.espalier.protocol.Datatype;
import io.espalier.runtime.Batches;
import io.espalier.runtime.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Draws batches from a buffer of inputs, each input once before any comes again, and mixes each with another in a random
 * proportion (Zhang et al., "mixup", arXiv 1710.09412), so that a small buffer is not learned by heart. What the original
 * makes of a mixture is asked of the original, so that no label is mixed. Inputs of models that take anything but float32
 * are left as they are. Live inputs take the places of the oldest; none that is held out to judge by is trained on.
 */
final class TrainingInputs {
    private final List<List<Tensor>> samples;
    private final int batch;
    private final boolean mixes;
    private final Random random;
    private final List<Integer> order = new ArrayList<>();
    private final LiveInputs live;
    private final Set<List<ByteBuffer>> heldOut = new HashSet<>();
    private int oldest;

    /** An input, and what it is mixed with in which proportion. */
    private record Drawn(int one, int other, float share) {}

    /**
     * @param samples to begin with, a tensor per input of the model each, batch 1; as many are held from there on
     * @param live further ones
     * @param heldOut what must not be among them, in any batches
     */
    TrainingInputs(List<List<Tensor>> samples, LiveInputs live, List<List<Tensor>> heldOut, int batch, long seed) {
        this.samples = new ArrayList<>(samples);
        this.live = live;
        heldOut.forEach(sample -> this.heldOut.add(content(sample)));
        this.batch = Math.min(batch, samples.size());
        this.mixes = samples.get(0).stream().allMatch(tensor -> tensor.type() == Datatype.FP32);
        this.random = new Random(seed);
    }

    /** Takes what has come meanwhile in for the oldest that there are. */
    void takeLive() {
        for (List<Tensor> sample : live.poll()) {
            if (!heldOut.contains(content(sample))) {
                samples.set(oldest, sample);
                oldest = (oldest + 1) % samples.size();
            }
        }
    }

    private static List<ByteBuffer> content(List<Tensor> sample) {
        return sample.stream().map(tensor -> ByteBuffer.wrap(tensor.data())).toList();
    }

    /** Goes on as if so many batches had been drawn. */
    void skip(int batches) {
        for (int i = 0; i < batches * batch; i++) {
            draw();
        }
    }

    List<Tensor> next() {
        List<List<Tensor>> inputs = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            Drawn drawn = draw();
            List<Tensor> one = samples.get(drawn.one());
            inputs.add(mixes ? mixed(one, samples.get(drawn.other()), drawn.share()) : one);
        }
        return Batches.one(inputs);
    }

    private Drawn draw() {
        int one = index();
        return mixes ? new Drawn(one, index(), random.nextFloat()) : new Drawn(one, one, 1);
    }

    private int index() {
        if (order.isEmpty()) {
            IntStream.range(0, samples.size()).forEach(order::add);
            Collections.shuffle(order, random);
        }
        return order.remove(order.size() - 1);
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
