package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Joins labels further until every set of joined labels can go by itself: from each tensor it takes whole slices along one
 * dimension, and where parts must stay equally large it takes from all alike, or from one of several blocks that can be
 * kept even. What would have to go alone and whole is protected.
 */
final class Sets {
    /** Why labels are protected that all have to go together, and are all that there is of a tensor. */
    static final String TIED = "ties all its channels to each other";

    private final Survey survey;
    private final CutDims cutDims = new CutDims();
    private final Partitions partitions = new Partitions();
    private final Set<Integer> protectedRoots = new HashSet<>();

    Sets(Survey survey) {
        this.survey = survey;
    }

    /** Runs to the end; each step only ever joins or protects, so there is one. */
    void close() {
        boolean joined = true;
        while (joined) {
            joined = false;
            noteProtected();
            for (Map.Entry<Value, LabelArray> entry : survey.spread().entrySet()) {
                Value value = entry.getKey();
                joined |= slice(entry.getValue(), survey.spreadBy(value), survey.rigidDims(value));
            }
            for (Survey.Grid grid : survey.grids()) {
                joined |= slice(grid.labels(), grid.operator(), Set.of());
            }
            partitions.clear();
            for (Survey.Balance balance : joined ? List.<Survey.Balance>of() : survey.balances()) {
                joined |= even(balance);
            }
        }
        noteProtected();
        survey.spread().forEach(this::note);
    }

    private void noteProtected() {
        protectedRoots.clear();
        survey.sets()
                .protections()
                .keySet()
                .forEach(label -> protectedRoots.add(survey.sets().root(label)));
    }

    CutDims cutDims() {
        return cutDims;
    }

    /** Sets of labels, by root, in blocks that must keep equally many. */
    List<List<Set<Integer>>> partitions() {
        return partitions.all();
    }

    private boolean slice(LabelArray labels, Operator by, Set<Integer> rigid) {
        int[] roots = roots(labels.cells());
        List<Integer> dims = changing(labels, roots);
        if (dims.size() < 2) {
            return false;
        }
        // The last is as good as any where nothing else decides, and is the same again in the pruned model.
        int keep = dims.get(dims.size() - 1);
        for (int dim : dims) {
            keep = rigid.contains(keep) ? dim : keep;
        }
        int dim = keep;
        survey.joined(
                labels.collapsed(d -> d != dim).expanded(labels.sizes()),
                labels,
                by,
                "spreads units over several dimensions");
        noteProtected();
        return true;
    }

    private List<Integer> changing(LabelArray labels, int[] roots) {
        List<Integer> dims = new ArrayList<>();
        int[] sizes = labels.sizes();
        for (int d = 0; d < labels.rank(); d++) {
            if (RowMajor.changesAlong(sizes, roots, d)) {
                dims.add(d);
            }
        }
        return dims;
    }

    /** What can go has the root of its label, all else 0. */
    private int[] roots(int[] labels) {
        return Arrays.stream(labels)
                .map(survey.sets()::root)
                .map(root -> protectedRoots.contains(root) ? 0 : root)
                .toArray();
    }

    private void note(Value value, LabelArray labels) {
        int[] roots = roots(labels.cells());
        List<Integer> dims = changing(labels, roots);
        if (dims.isEmpty() && roots[0] == 0) {
            return;
        } else if (dims.isEmpty()) {
            survey.protect(labels.cells(), survey.spreadBy(value), TIED);
        } else {
            cutDims.put(value, dims.get(0), labels.line(dims.get(0), labels.size(dims.get(0))));
        }
    }

    /** Returns whether labels had to be joined. */
    private boolean even(Survey.Balance balance) {
        Map<Integer, int[]> counts = new LinkedHashMap<>();
        int size = balance.blocks().size();
        for (int b = 0; b < size; b++) {
            for (int label : balance.blocks().get(b)) {
                if (label != 0 && !protectedRoots.contains(survey.sets().root(label))) {
                    counts.computeIfAbsent(survey.sets().root(label), r -> new int[size])[b]++;
                }
            }
        }
        if (counts.values().stream().allMatch(c -> Arrays.stream(c).allMatch(n -> n == c[0]))) {
            return false;
        }
        List<Set<Integer>> blocks = Partitions.blocks(counts, size);
        if (blocks.isEmpty() || !partitions.settle(blocks)) {
            joinAcross(balance);
            noteProtected();
            return true;
        }
        return false;
    }

    private void joinAcross(Survey.Balance balance) {
        int[] first = balance.blocks().get(0);
        for (int[] other : balance.blocks()) {
            String reason = "must keep equally many in each part";
            if (other.length == first.length) {
                survey.joined(LabelArray.along(1, 0, first), LabelArray.along(1, 0, other), balance.operator(), reason);
            } else {
                survey.protect(other, balance.operator(), reason);
                survey.protect(first, balance.operator(), reason);
            }
        }
    }
}
