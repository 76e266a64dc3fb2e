package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds trunks among the sets of labels that are tied whole, and takes those back that have smaller widths. */
final class TrunkFinder {
    private final Graph graph;
    private final Survey survey;
    private final StoredNumbers stored;
    private final UnionFind before;

    /** {@code before}: the labels as they were joined before {@link Sets} joined more. */
    TrunkFinder(Graph graph, Survey survey, StoredNumbers stored, UnionFind before) {
        this.graph = graph;
        this.survey = survey;
        this.stored = stored;
        this.before = before;
    }

    /** The trunks, whose labels are now joined as they were before, and no longer protected. */
    Trunks release(Sets sets, OperatorRunner runner) {
        CutDims cutDims = sets.cutDims();
        List<TrunkClasses> found = new ArrayList<>();
        for (BitSet labels : tiedWhole(sets)) {
            Optional<TrunkClasses> classes =
                    trunk(labels).flatMap(trunk -> TrunkClasses.of(survey, stored, trunk, before, runner));
            classes.ifPresent(found::add);
        }
        for (TrunkClasses classes : found) {
            Trunk trunk = classes.trunk();
            survey.sets().joined().restore(trunk.labels(), before);
            trunk.labels().stream().forEach(survey.sets().protections()::remove);
            for (Value value : trunk.values()) {
                LabelArray labels = survey.spread().get(value);
                int dim = labels.onlyDim();
                if (dim >= 0) {
                    cutDims.put(value, dim, labels.line(dim, labels.size(dim)));
                }
            }
        }
        return new Trunks(found, survey.sets().joined().size());
    }

    /** Sets of labels for whose protection there is no other reason, and with which nothing else is to stay even. */
    private List<BitSet> tiedWhole(Sets sets) {
        Map<Integer, BitSet> tied = new LinkedHashMap<>();
        Set<Integer> otherwise = new HashSet<>();
        survey.sets().protections().forEach((label, protection) -> {
            if (protection.reason().equals(Sets.TIED)) {
                tied.put(survey.sets().root(label), new BitSet());
            } else {
                otherwise.add(survey.sets().root(label));
            }
        });
        sets.partitions().forEach(partition -> partition.forEach(otherwise::addAll));
        tied.keySet().removeAll(otherwise);
        for (int label = 1; label < survey.sets().joined().size() && !tied.isEmpty(); label++) {
            BitSet set = tied.get(survey.sets().root(label));
            if (set != null) {
                set.set(label);
            }
        }
        return tied.values().stream()
                .sorted((a, b) -> Integer.compare(a.nextSetBit(0), b.nextSetBit(0)))
                .toList();
    }

    private Optional<Trunk> trunk(BitSet labels) {
        List<Survey.Block> producers = new ArrayList<>();
        BitSet made = new BitSet();
        BigInteger common = BigInteger.ZERO;
        Trunk bare = new Trunk(labels, List.of(), Set.of(), List.of(), 1);
        for (Survey.Block block : survey.blocks()) {
            if (bare.anyOf(block.labels())) {
                producers.add(block);
                common = common.gcd(BigInteger.valueOf(block.labels().length));
                for (int label : block.labels()) {
                    made.set(label);
                }
            }
        }
        Set<Value> values = new LinkedHashSet<>();
        survey.spread().forEach((value, of) -> {
            if (bare.anyOf(of.cells())) {
                values.add(value);
            }
        });
        Trunk trunk =
                new Trunk(labels, producers, values, new TrunkOperators(graph, survey).of(values), common.intValue());
        boolean fits = made.equals(labels)
                && common.intValue() > 1
                && areDistinct(trunk)
                && !TrunkOperators.areCountedByResult(trunk);
        return fits ? Optional.of(trunk) : Optional.empty();
    }

    /** Whether each unit lies once in each place, so that an order of units is an order of indices. */
    private boolean areDistinct(Trunk trunk) {
        for (Value value : trunk.values()) {
            if (!areDistinct(survey.spread().get(value).cells())) {
                return false;
            }
        }
        for (Map.Entry<Parameter, int[][]> entry : survey.uses().cells().entrySet()) {
            for (int[] line : entry.getValue()) {
                if (trunk.anyOf(line) && !areDistinct(line)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean areDistinct(int[] labels) {
        BitSet seen = new BitSet();
        for (int label : labels) {
            int root = label == 0 ? 0 : before.find(label);
            if (root == 0 || seen.get(root)) {
                return false;
            }
            seen.set(root);
        }
        return true;
    }
}
