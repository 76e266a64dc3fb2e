package io.espalier.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Finds outputs that are zero but for rounding: what cancels in them leaves digits that mean nothing, and two correct
 * models leave different ones. The measure is the models' own: an output drowns when it is no larger, in both models, than
 * a few times what it changes by when the inputs' last bits do (a backward stable computation answers exactly for inputs
 * that near; Higham, "Accuracy and Stability of Numerical Algorithms", 2002, section 1.5).
 *
 * <p>Only asked of outputs that differ, so an ordinary comparison runs nothing twice. Never said of a model that answers
 * one input in two ways, for then every output would drown, nor of one whose inputs have no last bit to change.
 */
final class RoundingNoise {
    /** Knows of no model, and drowns nothing. */
    static final RoundingNoise UNKNOWN = new RoundingNoise(null, List.of(), null, List.of(), List.of());

    private static final int TRIES = 4;
    /** How many times the largest change seen in {@link #TRIES} an output may be. */
    private static final double MARGIN = 16;

    private final LoadedModel model;
    private final List<Tensor> actual;
    private final LoadedModel reference;
    private final List<Tensor> expected;
    private final List<Tensor> input;
    private double[] noise;

    RoundingNoise(
            LoadedModel model, List<Tensor> actual, LoadedModel reference, List<Tensor> expected, List<Tensor> input) {
        this.model = model;
        this.actual = actual;
        this.reference = reference;
        this.expected = expected;
        this.input = input;
    }

    /** Whether an output of a floating type is zero as far as can be told, in both models. */
    boolean drowns(int output) {
        if (model == null || !expected.get(output).type().isFloating()) {
            return false;
        }
        if (noise == null) {
            noise = measure();
        }
        double limit = MARGIN * noise[output];
        return limit > 0 && largest(expected.get(output)) <= limit && largest(actual.get(output)) <= limit;
    }

    private double[] measure() {
        double[] largest = new double[expected.size()];
        if (!same(reference.forward(input), expected) || !same(model.forward(input), actual)) {
            return largest;
        }
        for (int i = 0; i < TRIES; i++) {
            List<Tensor> nudged = nudged(new Random(i));
            add(reference.forward(nudged), expected, largest);
            add(model.forward(nudged), actual, largest);
        }
        return largest;
    }

    private static boolean same(List<Tensor> some, List<Tensor> others) {
        for (int i = 0; i < others.size(); i++) {
            if (some.size() != others.size() || !some.get(i).sameBits(others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static void add(List<Tensor> answers, List<Tensor> before, double[] largest) {
        for (int i = 0; i < largest.length; i++) {
            Tensor answer = answers.get(i);
            if (Arrays.equals(answer.shape(), before.get(i).shape())) {
                for (int j = 0; j < answer.size(); j++) {
                    double change = Math.abs(answer.real(j) - before.get(i).real(j));
                    largest[i] = change > largest[i] && Double.isFinite(change) ? change : largest[i];
                }
            }
        }
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (int i = 0; i < tensor.size(); i++) {
            // Not "max of a NaN": that would be NaN and drown nothing, as it should.
            largest = Math.max(largest, Math.abs(tensor.real(i)));
        }
        return largest;
    }

    /** The input with the last bit of a random half of its finite elements changed. */
    private List<Tensor> nudged(Random random) {
        List<Tensor> nudged = new ArrayList<>();
        for (Tensor tensor : input) {
            byte[] data = tensor.data().clone();
            if (tensor.type().isFloating()) {
                for (int i = 0; i < tensor.size(); i++) {
                    // Little-endian: an element's first byte ends its fraction.
                    if (random.nextBoolean() && Double.isFinite(tensor.real(i))) {
                        data[i * tensor.type().bytes()] ^= 1;
                    }
                }
            }
            nudged.add(new Tensor(tensor.type(), tensor.shape(), data));
        }
        return nudged;
    }
}
