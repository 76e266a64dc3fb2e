package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where each set of joined labels is, by its root: what it covers, which tensors hold it, which operator makes it
 * first.
 */
final class SetReach {
    private final LabelSets sets;
    private final Map<Integer, Map<ParameterDim, Integer>> coverOf = new HashMap<>();
    private final Map<Integer, Set<Value>> heldBy = new HashMap<>();
    private final Map<Integer, Survey.Block> firstBlockOf = new LinkedHashMap<>();

    SetReach(Survey survey) {
        this.sets = survey.sets();
        survey.uses().cells().forEach(this::cover);
        survey.blocks().forEach(this::note);
        survey.spread().forEach(this::held);
    }

    private void cover(Parameter parameter, int[][] cells) {
        for (int d = 0; d < cells.length; d++) {
            ParameterDim at = new ParameterDim(parameter, d);
            for (int label : cells[d]) {
                if (label != 0) {
                    coverOf.computeIfAbsent(sets.root(label), root -> new LinkedHashMap<>())
                            .merge(at, 1, Integer::sum);
                }
            }
        }
    }

    private void held(Value value, LabelArray labels) {
        for (int label : labels.cells()) {
            if (label != 0) {
                heldBy.computeIfAbsent(sets.root(label), root -> new LinkedHashSet<>())
                        .add(value);
            }
        }
    }

    private void note(Survey.Block block) {
        for (int label : block.labels()) {
            firstBlockOf.putIfAbsent(sets.root(label), block);
        }
    }

    /** Sets that some operator makes, in the order of the operators. */
    Set<Integer> made() {
        return firstBlockOf.keySet();
    }

    /** Null for a set that no operator makes. */
    Survey.Block firstBlock(int root) {
        return firstBlockOf.get(root);
    }

    /** How many indices of which stored dimensions go with the set; null when none do. */
    Map<ParameterDim, Integer> cover(int root) {
        return coverOf.get(root);
    }

    /** Null when no tensor holds it. */
    Set<Value> heldBy(int root) {
        return heldBy.get(root);
    }
}
