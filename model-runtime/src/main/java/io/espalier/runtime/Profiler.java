package io.espalier.runtime;

import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ShapeProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Records the shapes of a model's tensors by running it. A straight-line model runs once; one with control flow runs as
 * often as it takes to decide its conditions, and then once more as it was, to show that what was resolved computes the
 * same.
 */
public final class Profiler {
    // Any values would do: a model whose shapes depend on them is refused by its reader.
    private static final long SEED = 1;
    private static final int RUN_LIMIT = 200;
    private static final String PROFILED = "forward_profiled";
    private static final String RESOLVED = "forward_resolved";

    private final ModelRuntime runtime;

    public Profiler(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * The shapes at one run, and the archive as that run resolves it.
     *
     * @param inputs shapes of the inputs, with a batch dimension of 1; types are found out
     * @throws io.espalier.surgery.ModelInputException when the model's first operators cannot take such inputs
     * @throws io.espalier.surgery.ModelFormatException when a condition depends on what a tensor holds
     * @throws ModelRuntimeException when a later operator cannot take such inputs
     */
    public ProfiledModel profile(ModelArchive archive, List<long[]> inputs) throws IOException {
        return profile(archive, InputShapes.of(inputs));
    }

    /** The same, of inputs of which more or less is said. */
    public ProfiledModel profile(ModelArchive archive, InputShapes inputs) throws IOException {
        List<InputSpec> specs = InputSpecs.of(archive, inputs);
        ModelArchive current = InputSpecs.given(archive, specs);
        for (int run = 1; run <= RUN_LIMIT; run++) {
            List<InputSpec> known = InputSpecs.of(current, inputs);
            if (!InputSpecs.sameTypes(specs, known)) {
                // What was decided for inputs of other types may not hold for these.
                current = InputSpecs.given(archive, known);
            }
            specs = known;
            List<Tensor> values = RandomInputs.of(specs, SEED).next();
            try (Probe probe = load(current)) {
                List<long[]> recorded = probe.model().callForLongs(PROFILED, values);
                ModelArchive next = current.resolved(recorded);
                // What was inferred where nothing was recorded yet counts only if the recording agrees with it.
                if (current.isResolved() && next.graph().equals(current.graph())) {
                    if (current.hasControlFlow() && probe.whole()) {
                        checkResolved(probe.model(), values, Tolerance.of(current));
                    }
                    return new ProfiledModel(current, shapes(recorded), run, probe.whole());
                }
                current = next;
            }
        }
        throw new ModelRuntimeException("the model has conditions that are not decided after " + RUN_LIMIT
                + " runs: trace it (torch.jit.trace) instead of scripting it");
    }

    /** An archive with the profiling method; {@code whole} when it has the model's own methods too. */
    private record Probe(LoadedModel model, boolean whole) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
        }
    }

    private Probe load(ModelArchive archive) throws IOException {
        try {
            return load(archive, true);
        } catch (ModelRuntimeException e) {
            if (!archive.hasControlFlow()) {
                throw e;
            }
            // A branch that is never taken may have an operator that this engine does not know yet.
            return load(archive, false);
        }
    }

    private Probe load(ModelArchive archive, boolean whole) throws IOException {
        return new Probe(runtime.loadWritten(file -> archive.writeProbe(file, whole)), whole);
    }

    private static ShapeProfile shapes(List<long[]> recorded) {
        return new ShapeProfile(recorded.stream()
                .map(vector -> Arrays.copyOf(vector, vector.length - 1))
                .toList());
    }

    private static void checkResolved(LoadedModel model, List<Tensor> values, double tolerance) {
        Equivalence equivalence = new Equivalence();
        equivalence.compare(model.call(RESOLVED, values), model.forward(values));
        Optional.of(equivalence.maxRelativeError())
                .filter(error -> error > tolerance)
                .ifPresent(error -> {
                    throw new ModelRuntimeException(
                            "the model's control flow cannot be resolved: straight-line code for"
                                    + " this input differs by " + error
                                    + ", trace the model (torch.jit.trace) instead of"
                                    + " scripting it");
                });
    }
}
