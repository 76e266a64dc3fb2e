package io.espalier.runtime.recovery;

import io.espalier.runtime.Batches;
import io.espalier.runtime.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Inputs to recover with, in batches, a part of which is held out: nothing is fitted to it, everything is judged by it.
 *
 * @param samples to fit to, one by one
 * @param judges held out, one by one
 * @param fitted the same in batches
 * @param heldOut batches to judge by
 */
record RecoveryInputs(
        List<List<Tensor>> samples, List<List<Tensor>> judges, List<List<Tensor>> fitted, List<List<Tensor>> heldOut) {
    private static final int SMALLEST = 8;

    /** One in so many inputs is held out. */
    private static final int HELD_OUT = 8;

    /**
     * Shuffles, since traffic may come in an order, and splits.
     *
     * @param samples a tensor per input of the model each, batch 1
     * @throws IllegalArgumentException when these are too few to learn anything from
     */
    static RecoveryInputs of(List<List<Tensor>> samples, int batch, long seed) {
        if (samples.size() < SMALLEST) {
            throw new IllegalArgumentException(
                    "recovery needs " + SMALLEST + " inputs at least, and there are " + samples.size());
        }
        return split(samples, samples.size() / HELD_OUT, batch, seed);
    }

    /** Half to fit to and half to judge by: for comparing cuts, the judgement counts as much as the fit. */
    static RecoveryInputs halves(List<List<Tensor>> samples, int batch, long seed) {
        return split(samples, samples.size() / 2, batch, seed);
    }

    /** Which of so many samples {@link #of} holds out. */
    static List<Integer> heldOut(int samples, long seed) {
        return samples < SMALLEST ? List.of() : shuffled(samples, seed).subList(0, samples / HELD_OUT);
    }

    private static List<Integer> shuffled(int samples, long seed) {
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, samples).boxed().toList());
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }

    private static RecoveryInputs split(List<List<Tensor>> samples, int heldOut, int batch, long seed) {
        List<List<Tensor>> shuffled =
                shuffled(samples.size(), seed).stream().map(samples::get).toList();
        return new RecoveryInputs(
                List.copyOf(shuffled.subList(heldOut, shuffled.size())),
                List.copyOf(shuffled.subList(0, heldOut)),
                Batches.of(shuffled.subList(heldOut, shuffled.size()), batch),
                Batches.of(shuffled.subList(0, heldOut), batch));
    }

    /** The same samples, so many to a batch. */
    RecoveryInputs inBatchesOf(int size) {
        return size == fitted.get(0).get(0).shape()[0]
                ? this
                : new RecoveryInputs(samples, judges, Batches.of(samples, size), Batches.of(judges, size));
    }

    /** All batches, those to fit to first. */
    List<List<Tensor>> all() {
        List<List<Tensor>> all = new ArrayList<>(fitted);
        all.addAll(heldOut);
        return all;
    }

    int fittedSamples() {
        return samples(fitted);
    }

    int heldOutSamples() {
        return samples(heldOut);
    }

    private static int samples(List<List<Tensor>> batches) {
        return batches.stream()
                .mapToInt(batch -> Math.toIntExact(batch.get(0).shape()[0]))
                .sum();
    }
}
