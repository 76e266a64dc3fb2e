package io.espalier.surgery.coupling;

import io.espalier.surgery.ProtectedUnits;
import io.espalier.surgery.graph.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is told of units that stay: by the weight that makes them, how many for which reason. */
final class ProtectedReport {
    private final Survey survey;
    private final Map<Integer, Protection> protectedRoots;
    private final List<ProtectedUnits> report = new ArrayList<>();
    /** Sets that more than one weight makes are counted as distinct for the first. */
    private final Set<Integer> counted = new HashSet<>();

    ProtectedReport(Survey survey, Map<Integer, Protection> protectedRoots) {
        this.survey = survey;
        this.protectedRoots = protectedRoots;
    }

    List<ProtectedUnits> list() {
        survey.blocks().forEach(this::report);
        survey.uses().refusals().forEach(this::report);
        return List.copyOf(report);
    }

    private void report(Survey.Block block) {
        Map<Protection, Integer> counts = new LinkedHashMap<>();
        Map<Protection, Integer> distinct = new HashMap<>();
        for (int label : block.labels()) {
            int root = survey.sets().root(label);
            Protection reason = protectedRoots.get(root);
            if (reason != null) {
                counts.merge(reason, 1, Integer::sum);
                distinct.merge(reason, counted.add(root) ? 1 : 0, Integer::sum);
            }
        }
        counts.forEach((reason, count) -> report.add(new ProtectedUnits(
                block.weight().parameter().name(),
                count,
                distinct.get(reason),
                reason.op(),
                reason.where(),
                reason.reason())));
    }

    /** Weights of operators that are not understood make units as well, which are never cut. */
    private void report(Parameter parameter, Protection reason) {
        boolean reported = report.stream().anyMatch(p -> p.tensor().equals(parameter.name()));
        if (parameter.shape().length >= 2 && parameter.role() != Parameter.Role.BUFFER && !reported) {
            report.add(new ProtectedUnits(
                    parameter.name(),
                    Math.toIntExact(parameter.shape()[0]),
                    Math.toIntExact(parameter.shape()[0]),
                    reason.op(),
                    reason.where(),
                    reason.reason()));
        }
    }
}
