package io.espalier.surgery;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model is made of and what may be cut from it, at the shapes of one recorded run.
 *
 * @param params elements of all parameters (running statistics are none); for a frozen archive, of the constants used as
 *     weights, biases, norm scales and shifts
 * @param macs multiply-accumulates of convolutions and matrix products for one sample
 * @param groups the groups that may be cut; a group with even one protected unit is not among them
 * @param paramTerms terms whose sum is {@code params}
 * @param macTerms terms whose sum is {@code macs}
 * @param shapes the recorded run that all this rests on
 */
public record ModelAnalysis(
        long params,
        long macs,
        List<Layer> layers,
        List<CouplingGroup> groups,
        List<CapturePoint> capturePoints,
        List<ProtectedUnits> protectedUnits,
        List<CostTerm> paramTerms,
        List<CostTerm> macTerms,
        ShapeProfile shapes) {
    public ModelAnalysis {
        layers = List.copyOf(layers);
        groups = List.copyOf(groups);
        capturePoints = List.copyOf(capturePoints);
        protectedUnits = List.copyOf(protectedUnits);
        paramTerms = List.copyOf(paramTerms);
        macTerms = List.copyOf(macTerms);
    }

    /** Units that remain per group id after the plan, of every group; throws {@link IllegalPlanException}. */
    public Map<String, Integer> kept(PruningPlan plan) {
        plan.check(this);
        Map<String, Integer> kept = new LinkedHashMap<>();
        for (CouplingGroup group : groups) {
            int[] removed = plan.remove().get(group.id());
            kept.put(group.id(), group.units() - (removed == null ? 0 : removed.length));
        }
        return kept;
    }

    /** Parameters that remain when {@code kept.get(group)} units of every group remain. */
    public long params(Map<String, Integer> kept) {
        return paramTerms.stream().mapToLong(term -> term.count(kept)).sum();
    }

    /** Multiply-accumulates that remain when {@code kept.get(group)} units of every group remain. */
    public long macs(Map<String, Integer> kept) {
        return macTerms.stream().mapToLong(term -> term.count(kept)).sum();
    }
}
