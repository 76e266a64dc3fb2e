package io.espalier.runtime.latency;

import io.espalier.surgery.CostTerm;
import io.espalier.surgery.CouplingGroup;
import io.espalier.surgery.Extent;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.graph.Parameter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** How long the dimensions of weights are for every plan, as an analysis has it. */
final class CutExtents {
    private final Set<CouplingGroup.Member> cut = new HashSet<>();
    private final Map<String, CostTerm> terms = new HashMap<>();
    private final Map<String, Integer> all = new HashMap<>();

    CutExtents(ModelAnalysis analysis) {
        for (CouplingGroup group : analysis.groups()) {
            cut.addAll(group.members());
            all.put(group.id(), group.units());
        }
        // All calls of a layer have one weight, and so the same extents.
        analysis.macTerms().forEach(term -> terms.putIfAbsent(term.layer(), term));
    }

    /** The first two dimensions: a term lists those that are cut, in order. */
    Extent[] of(Parameter weight) {
        long[] sizes = weight.shape();
        List<Integer> cutDims = Stream.of(0, 1)
                .filter(dim -> cut.contains(new CouplingGroup.Member(weight.name(), dim)))
                .toList();
        CostTerm term = terms.get(weight.layer());
        Extent[] extents = {new Extent(sizes[0], Map.of(), 1), new Extent(sizes[1], Map.of(), 1)};
        if (term != null && term.extents().size() == cutDims.size()) {
            for (int i = 0; i < cutDims.size(); i++) {
                Extent extent = term.extents().get(i);
                // Another weight's term, where two share a layer's name: this one then counts at its full size.
                if (extent.length(all) == sizes[cutDims.get(i)]) {
                    extents[cutDims.get(i)] = extent;
                }
            }
        }
        return extents;
    }
}
