package io.espalier.cli.prune;

import io.espalier.cli.offline.Progress;
import io.espalier.planner.Allocation;
import io.espalier.planner.UnitOrder;
import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.Sensitivity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds how many units each group keeps: every group is cut alone to several sizes, and the damages weighed up. */
public final class PlanSearch {
    private static final int EIGHTHS = 8;

    /** More inputs say little more of how groups compare. */
    private static final int SAMPLES = 192;

    private final ModelRuntime runtime;
    private final DescribedModel model;
    private final List<List<Tensor>> samples;

    /** {@code samples}: a tensor per input of the model each. */
    public PlanSearch(ModelRuntime runtime, DescribedModel model, List<List<Tensor>> samples) {
        this.runtime = runtime;
        this.model = model;
        this.samples = samples.subList(0, Math.min(SAMPLES, samples.size()));
    }

    private record Trial(String group, int kept, Map<String, List<Integer>> remove) {}

    /** {@code values}: per group and unit; the lower, the sooner it goes. Groups that are not in it stay whole. */
    public Map<String, List<Integer>> find(Map<String, double[]> values, Policy policy) throws IOException {
        UnitOrder order = new UnitOrder(model.descriptor(), values, policy.limits());
        List<Trial> trials = new ArrayList<>();
        order.groups().forEach(group -> trials.addAll(trials(group, order)));
        List<Double> damages = measure(trials);
        Map<String, Map<Integer, Double>> curves = new LinkedHashMap<>();
        for (int i = 0; i < trials.size(); i++) {
            curves.computeIfAbsent(trials.get(i).group(), group -> new TreeMap<>())
                    .put(trials.get(i).kept(), damages.get(i));
        }
        Allocation allocation = new Allocation(model.descriptor(), policy, curves);
        Map<String, Integer> kept = allocation.solve();
        if (!allocation.reaches(kept)) {
            throw new IllegalArgumentException("nothing to prune: no cut within the limits reaches " + policy.target()
                    + ": loosen --max-removed, --min-kept or --multiple-of");
        }
        return order.removed(kept);
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

    private List<Double> measure(List<Trial> trials) throws IOException {
        try (Progress.Sequence bars = new Progress.Sequence()) {
            return new Sensitivity(runtime, model, samples)
                    .measure(trials.stream().map(Trial::remove).toList(), bars.next("searching"));
        }
    }
}
