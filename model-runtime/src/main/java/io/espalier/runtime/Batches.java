package io.espalier.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Puts samples, which are a tensor per input of a model each, into batches. */
public final class Batches {
    private Batches() {}

    /** So many samples to a batch, the last one with what is left. */
    public static List<List<Tensor>> of(List<List<Tensor>> samples, int size) {
        List<List<Tensor>> batches = new ArrayList<>();
        for (int start = 0; start < samples.size(); start += size) {
            batches.add(one(samples.subList(start, Math.min(start + size, samples.size()))));
        }
        return batches;
    }

    /** All in one; there must be a sample. */
    public static List<Tensor> one(List<List<Tensor>> samples) {
        return IntStream.range(0, samples.get(0).size())
                .mapToObj(input -> Tensor.stacked(
                        samples.stream().map(sample -> sample.get(input)).toList()))
                .toList();
    }
}
