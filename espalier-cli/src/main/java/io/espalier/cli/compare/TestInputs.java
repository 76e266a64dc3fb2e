package io.espalier.cli.compare;

import io.espalier.cli.offline.LabelledData;
import io.espalier.cli.prune.Evaluator;
import io.espalier.runtime.ModelRuntime;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What runs are measured on: never what they were scored on or fitted to.
 *
 * @param count how many inputs there are for each seed
 * @param accuracyOfOriginal null without labels
 */
public record TestInputs(int count, Double accuracyOfOriginal, IntFunction<Evaluator> ofSeed) {
    /** Of the data, without labels: agreement with the original settles on far fewer inputs than most files have. */
    private static final int MOST_OTHERS = 2000;

    /** The inputs of a file, the same for all seeds, and their labels where it has some. */
    public static TestInputs ofFile(ModelRuntime runtime, Path original, LabelledData data) {
        Evaluator evaluator = new Evaluator(runtime, original, data);
        return new TestInputs(evaluator.inputs(), evaluator.accuracyOfOriginal(), seed -> evaluator);
    }

    /**
     * Inputs that the seed did not draw.
     *
     * @throws IllegalArgumentException when it draws all
     */
    public static TestInputs ofOthers(ModelRuntime runtime, Path original, InputPool pool, int samples) {
        int others = Math.min(MOST_OTHERS, pool.size() - samples);
        if (others < 1) {
            throw new IllegalArgumentException("each seed draws " + samples + " inputs, and --data has " + pool.size()
                    + ", so that none are left to test on: give --test FILE, or fewer --samples");
        }
        return new TestInputs(
                others,
                null,
                seed -> new Evaluator(
                        runtime, original, new LabelledData(pool.others(seed, samples, others), Optional.empty())));
    }
}
