package io.espalier.runtime;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.PruningPlan;
import io.espalier.surgery.PruningReport;
import io.espalier.surgery.Surgeon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts units from a model and compares what is left with what it should compute. */
public final class VersionBuilder {
    private final ModelRuntime runtime;
    private final Profiler profiler;

    public VersionBuilder(ModelRuntime runtime) {
        this.runtime = runtime;
        this.profiler = new Profiler(runtime);
    }

    /**
     * Writes {@code parent} without the units of {@code remove} to {@code target}, runs it, and runs {@code parent} with
     * those units' contribution zeroed, on the same inputs.
     *
     * @param descriptor of the parent; its inputs give shapes and types, its sha256 must be the file's
     * @param remove per group id the unit indices to remove
     * @throws io.espalier.surgery.ModelFormatException when the parent cannot be read
     * @throws io.espalier.surgery.IllegalPlanException when the parent has no such units to remove
     * @throws ModelRuntimeException when the parent is not the file described, or a version does not run
     */
    public BuiltVersion build(
            Path parent,
            ModelDescriptor descriptor,
            Map<String, List<Integer>> remove,
            Path target,
            EquivalenceInputs inputs)
            throws IOException {
        requireDescribed(parent, descriptor);
        ProfiledModel profiled = profiler.profile(ModelArchive.open(parent), InputShapes.of(descriptor));
        ModelAnalysis analysis = profiled.archive().analyse(profiled.shapes());
        return build(new DescribedModel(descriptor, profiled.archive(), analysis), remove, target, inputs);
    }

    /** The same of a parent that was opened and profiled just now. */
    public BuiltVersion build(
            DescribedModel parent, Map<String, List<Integer>> remove, Path target, EquivalenceInputs inputs)
            throws IOException {
        PruningPlan plan = plan(remove);
        Surgeon surgeon = new Surgeon(parent.archive(), parent.analysis());
        PruningReport report = surgeon.writePruned(plan, target);
        double error = compare(surgeon, plan, target, parent.inputs(), inputs);
        return new BuiltVersion(
                report.paramsAfter(),
                report.macsAfter(),
                error,
                Tolerance.of(parent.archive()),
                inputs.random(),
                inputs.sampled().size(),
                Sha256.of(target),
                report);
    }

    private static void requireDescribed(Path parent, ModelDescriptor descriptor) throws IOException {
        String sha256 = Sha256.of(parent);
        if (!sha256.equals(descriptor.artifact().sha256())) {
            throw new ModelRuntimeException(parent + " has sha256 " + sha256 + ", but " + descriptor.key()
                    + " is described with " + descriptor.artifact().sha256() + ": give the file that is served");
        }
    }

    static PruningPlan plan(Map<String, List<Integer>> remove) {
        Map<String, int[]> units = new LinkedHashMap<>();
        remove.forEach((group, indices) ->
                units.put(group, indices.stream().mapToInt(Integer::intValue).toArray()));
        return new PruningPlan(units);
    }

    private double compare(
            Surgeon surgeon, PruningPlan plan, Path pruned, List<InputSpec> specs, EquivalenceInputs inputs)
            throws IOException {
        Path zeroed = Files.createTempFile("espalier-zeroed", ".pt");
        try {
            surgeon.writeZeroed(plan, zeroed);
            try (LoadedModel smaller = runtime.load(pruned);
                    LoadedModel reference = runtime.load(zeroed)) {
                Equivalence equivalence = new Equivalence();
                RandomInputs random = RandomInputs.of(specs, inputs.seed());
                for (int i = 0; i < inputs.random(); i++) {
                    equivalence.compare(smaller, reference, random.next());
                }
                inputs.sampled().forEach(input -> equivalence.compare(smaller, reference, input));
                return equivalence.maxRelativeError();
            }
        } finally {
            Files.deleteIfExists(zeroed);
        }
    }
}
