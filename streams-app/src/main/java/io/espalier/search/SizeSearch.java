package io.espalier.search;

import io.espalier.planner.UnitOrder;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.RecoveryProgress;
import io.espalier.runtime.recovery.Sensitivity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures what cuts cost: every group is cut alone to several sizes. What was measured once is remembered. */
public final class SizeSearch {
    private static final int EIGHTHS = 8;

    /** More inputs say little more of how groups compare. */
    private static final int SAMPLES = 192;

    private final ModelRuntime runtime;
    private final DescribedModel model;
    private final List<List<Tensor>> samples;
    private final DamagesFile known;

    /**
     * @param samples a tensor per input of the model each; the first are used
     * @param cache folder in which damages are remembered
     */
    public SizeSearch(ModelRuntime runtime, DescribedModel model, List<List<Tensor>> samples, Path cache) {
        this.runtime = runtime;
        this.model = model;
        this.samples = samples.subList(0, Math.min(SAMPLES, samples.size()));
        this.known = new DamagesFile(
                cache.resolve("searches"), model.descriptor().artifact().sha256(), this.samples);
    }

    private record Trial(String group, int kept, Map<String, List<Integer>> remove) {}

    /** {@code values}: per group and unit; the lower, the sooner it goes. Groups that are not in it stay whole. */
    public GroupDamages measure(Map<String, double[]> values, Policy.Limits limits, RecoveryProgress progress)
            throws IOException {
        UnitOrder order = new UnitOrder(model.descriptor(), values, limits);
        List<Trial> trials = new ArrayList<>();
        order.groups().forEach(group -> trials.addAll(trials(group, order)));
        List<Map<String, List<Integer>>> unknown = trials.stream()
                .map(Trial::remove)
                .filter(remove -> known.get(remove).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            known.add(unknown, new Sensitivity(runtime, model, samples).measure(unknown, progress));
        }
        Map<String, Map<Integer, Double>> damages = new LinkedHashMap<>();
        for (Trial trial : trials) {
            damages.computeIfAbsent(trial.group(), group -> new TreeMap<>())
                    .put(trial.kept(), known.get(trial.remove()).orElseThrow());
        }
        return new GroupDamages(model.descriptor(), order, damages);
    }

    private static List<Trial> trials(Group group, UnitOrder order) {
        List<Trial> trials = new ArrayList<>();
        int last = group.units();
        for (int gone = 1; gone < EIGHTHS; gone++) {
            int kept = order.atLeast(group, Math.round(group.units() * (EIGHTHS - gone) / (float) EIGHTHS));
            if (kept < last) {
                trials.add(new Trial(group.id(), kept, order.removed(Map.of(group.id(), kept))));
                last = kept;
            }
        }
        return trials;
    }
}
