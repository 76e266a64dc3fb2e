package io.espalier.cli.latency;

import io.espalier.cli.latency.LatencySearch.Prediction;
import io.espalier.cli.offline.Progress;
import io.espalier.cli.prune.CutPlanner;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.LayerTimer;
import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RandomInputs;
import io.espalier.runtime.latency.LatencyModel;
import io.espalier.runtime.latency.LayerReader;
import io.espalier.runtime.latency.LayerTimes;
import io.espalier.runtime.latency.RepeatedTiming;
import io.espalier.runtime.latency.TimedLayer;
import io.espalier.runtime.latency.TimesFile;
import io.espalier.surgery.PruningPlan;
import io.espalier.surgery.Surgeon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans for a target of latency: times the layers, plans by these times, and times the models that come out. */
public final class LatencyPlanner {
    private static final long SEED = 1;

    private final ModelRuntime runtime;
    private final DescribedModel model;
    private final Path timesFolder;

    /** {@code timesFolder}: where times of layers are remembered. */
    public LatencyPlanner(ModelRuntime runtime, DescribedModel model, Path timesFolder) {
        this.runtime = runtime;
        this.model = model;
        this.timesFolder = timesFolder;
    }

    /**
     * Plans with the limits of the first policy that has a plan.
     *
     * @param file the model's
     * @param planner asked for cuts of measured costs
     * @param policies that differ in their limits only
     * @throws IllegalArgumentException in one line when none has a plan
     */
    public TimedPlan plan(Path file, CutPlanner planner, List<Policy> policies) throws IOException {
        RandomInputs inputs = RandomInputs.of(model.inputs(), SEED);
        try (LoadedModel original = runtime.load(file)) {
            Runnable call = call(original, inputs);
            LatencyModel times = calibrate(
                    RepeatedTiming.ofModels(System::nanoTime).time(call).least());
            for (Policy policy : policies) {
                Optional<TimedPlan> plan = new LatencySearch(
                                keep -> predict(policy, keep, planner, times), this.comparing(call))
                        .find(policy.target().keep());
                if (plan.isPresent()) {
                    return plan.get();
                }
            }
            Policy last = policies.get(policies.size() - 1);
            throw new IllegalArgumentException("nothing to prune: "
                    + planner.plan(last, times::milliseconds).reason());
        }
    }

    private LatencyModel calibrate(double wholeMilliseconds) throws IOException {
        List<TimedLayer> layers = LayerReader.read(model.archive().graph(), model.analysis());
        Map<String, Integer> all = new HashMap<>();
        model.descriptor().groups().forEach(group -> all.put(group.id(), group.units()));
        TimesFile times = new TimesFile(
                timesFolder,
                LayerTimer.machine(),
                new LayerTimer(runtime, RepeatedTiming.ofOperators(System::nanoTime)));
        try (Progress progress = Progress.of("Timing layers", LayerTimes.points(layers, all))) {
            LayerTimes measured = LayerTimes.measure(layers, all, times, progress::step);
            times.save();
            return new LatencyModel(layers, measured, wholeMilliseconds);
        }
    }

    private Optional<Prediction> predict(Policy policy, double keep, CutPlanner planner, LatencyModel times)
            throws IOException {
        Policy asked = new Policy(
                new Policy.Target(Policy.Metric.LATENCY, keep),
                policy.criterion(),
                policy.ranking(),
                policy.limits(),
                policy.evidence());
        return planner.plan(asked, times::milliseconds).remove().map(remove -> {
            double after = times.milliseconds(kept(remove));
            return new Prediction(remove, after / times.milliseconds(kept(Map.of())));
        });
    }

    private Map<String, Integer> kept(Map<String, List<Integer>> remove) {
        Map<String, Integer> kept = new HashMap<>();
        for (Group group : model.descriptor().groups()) {
            kept.put(
                    group.id(),
                    group.units() - remove.getOrDefault(group.id(), List.of()).size());
        }
        return kept;
    }

    private LatencySearch.Stopwatch comparing(Runnable original) {
        Surgeon surgeon = new Surgeon(model.archive(), model.analysis());
        return remove -> {
            Path candidate = Files.createTempFile("espalier-candidate", ".pt");
            try {
                Map<String, int[]> units = new LinkedHashMap<>();
                remove.forEach((group, indices) -> units.put(
                        group, indices.stream().mapToInt(Integer::intValue).toArray()));
                surgeon.writePruned(new PruningPlan(units), candidate);
                try (LoadedModel smaller = runtime.load(candidate)) {
                    return RepeatedTiming.ofModels(System::nanoTime)
                            .compare(original, call(smaller, RandomInputs.of(model.inputs(), SEED)));
                }
            } finally {
                Files.deleteIfExists(candidate);
            }
        };
    }

    private static Runnable call(LoadedModel model, RandomInputs inputs) {
        var input = inputs.next();
        return () -> model.forward(input);
    }
}
