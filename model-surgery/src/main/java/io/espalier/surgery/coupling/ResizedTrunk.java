package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The operators of a trunk at a smaller width: each producer makes only its first units, labelled as in the survey, and
 * what each of these reaches is noted. So it is found how many units of each kind the network of that width has.
 */
final class ResizedTrunk extends Flow {
    private final Survey survey;
    private final Trunk trunk;
    private final TrunkPlaces places;
    private final int width;
    private final TrunkSizes sizes;
    private final UnionFind joined = new UnionFind();
    private final BitSet[] reached;
    private final Map<Parameter, int[][]> met = new HashMap<>();
    private final Set<Value> given = new HashSet<>();
    private int balances;

    ResizedTrunk(Survey survey, StoredNumbers stored, Trunk trunk, TrunkPlaces places, int width) {
        super(stored);
        this.survey = survey;
        this.trunk = trunk;
        this.places = places;
        this.width = width;
        this.sizes = new TrunkSizes(
                survey,
                label -> trunk.labels().get(label) ? 0 : -1,
                new int[] {width},
                new int[] {trunk.widest()},
                label -> true);
        this.reached = new BitSet[survey.sets().size()];
        while (joined.size() < reached.length) {
            joined.add();
        }
    }

    /** Runs the operators; throws {@link Inconsistent} or {@link IllegalArgumentException} when there is no such width. */
    void run(OperatorRules rules) {
        trunk.operators().forEach(operator -> rules.apply(operator, this));
        for (Survey.Block producer : trunk.producers()) {
            for (int label : made(producer.labels())) {
                int root = joined.find(label);
                if (root != label && reached[label] != null) {
                    reach(root).or(reached[label]);
                }
            }
        }
    }

    /** The units that a producer makes at this width. */
    int[] made(int[] surveyed) {
        return Arrays.copyOf(surveyed, Math.toIntExact((long) surveyed.length * width / trunk.widest()));
    }

    /** The first of the labels that are one unit. */
    int unit(int label) {
        return joined.find(label);
    }

    /** Numbers of the places that a unit reaches. */
    BitSet reachedBy(int label) {
        return reach(unit(label));
    }

    private BitSet reach(int label) {
        if (reached[label] == null) {
            reached[label] = new BitSet();
        }
        return reached[label];
    }

    private void note(int label, int place) {
        if (trunk.labels().get(label)) {
            reach(label).set(place);
        }
    }

    @Override
    void startOperator() {
        super.startOperator();
        balances = 0;
    }

    @Override
    long[] shape(Value value) {
        return trunk.values().contains(value) ? sizes.of(value, labels(value)) : survey.shape(value);
    }

    @Override
    int[] made(Operator operator, Parameter weight, int dim) {
        int[] surveyed = survey.added(operator, -1);
        return surveyed != null && trunk.anyOf(surveyed) ? made(surveyed) : new int[(int) weight.shape()[dim]];
    }

    @Override
    int[] filling(Operator operator, int slot, long count) {
        return new int[Math.toIntExact(count)];
    }

    @Override
    int[] data(Operator operator, Parameter parameter, int dim) {
        noteRecorded(parameter);
        return new int[(int) parameter.shape()[dim]];
    }

    @Override
    LabelArray joined(LabelArray a, LabelArray b, Operator operator, String reason) {
        if (!Arrays.equals(a.sizes(), b.sizes())) {
            throw new Inconsistent(operator, "would combine tensors of different sizes");
        }
        int[] result = a.cells().clone();
        for (int i = 0; i < result.length; i++) {
            int other = b.cells()[i];
            if (result[i] != 0 && other != 0) {
                joined.join(result[i], other);
            }
            result[i] = result[i] == 0 ? other : result[i];
        }
        return LabelArray.of(a.sizes(), result);
    }

    @Override
    void protect(int[] labels, Operator operator, String reason) {
        if (trunk.anyOf(labels)) {
            throw new Inconsistent(operator, reason);
        }
    }

    @Override
    void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator) {
        noteRecorded(parameter);
        int[][] surveyed = survey.cells().get(parameter);
        int[][] before = met.computeIfAbsent(parameter, p -> new int[surveyed.length][]);
        byDim.forEach((dim, labels) -> {
            int runs = surveyed[dim].length / (int) parameter.shape()[dim];
            for (int i = 0; i < labels.length; i++) {
                note(labels[i], places.of(parameter, dim, (int) ((long) i * runs / labels.length)));
            }
            if (before[dim] != null) {
                joined(LabelArray.along(1, 0, before[dim]), LabelArray.along(1, 0, labels), operator, "");
            }
            before[dim] = labels;
        });
    }

    @Override
    LabelArray checked(Operator operator, Value output, LabelArray labels) {
        if (!trunk.values().contains(output)) {
            return null;
        }
        given.add(output);
        int place = places.of(output);
        for (int label : labels.cells()) {
            note(label, place);
        }
        return labels;
    }

    @Override
    void finish(Operator operator) {
        for (Value output : operator.outputs()) {
            if (trunk.values().contains(output) && !given.contains(output)) {
                throw new Inconsistent(operator, "would no longer pass units on");
            }
        }
    }

    @Override
    void balance(Operator operator, List<int[]> blocks) {
        for (int b = 0; b < blocks.size(); b++) {
            if (blocks.get(b).length != blocks.get(0).length || blocks.get(b).length == 0) {
                throw new Inconsistent(operator, "would have parts of unequal size");
            }
            int place = places.ofPart(operator.index(), balances, b);
            for (int label : blocks.get(b)) {
                note(label, place);
            }
        }
        balances++;
    }

    @Override
    boolean isLoose(int[] some) {
        // What the survey found is noted.
        return false;
    }

    @Override
    void rigid(Operator operator, Argument operand, int dim) {
        Optional<Value> value = Arguments.tensor(operand).filter(trunk.values()::contains);
        if (value.isPresent() && shape(value.get())[dim] != survey.shape(value.get())[dim]) {
            throw new Inconsistent(operator, "has indices that are taken one by one");
        }
    }

    @Override
    long[] noted(Operator operator, int slot, long... found) {
        long[] surveyed = survey.noted(operator, slot);
        return surveyed == null ? found : surveyed;
    }

    @Override
    long left(Argument operand, int dim, long index) {
        return Arguments.tensor(operand)
                .filter(trunk.values()::contains)
                .map(value -> sizes.left(value, dim, index, shape(value)[dim]))
                .orElse(index);
    }

    @Override
    Optional<int[]> picks(Argument operand, int dim, Parameter indices) {
        return Optional.empty();
    }

    @Override
    void requireSizes(Operator operator, Place place, long[] wanted, boolean inferred) {
        cover();
    }

    @Override
    void require(Operator operator, Place place, long wanted) {
        cover();
    }

    // The survey has seen to all of these.

    @Override
    void inRows(Operator operator, LabelArray rows) {}

    @Override
    void refuse(Parameter parameter, Operator operator, String reason) {}

    @Override
    void produces(Parameter weight, int dim) {}

    @Override
    void consumes(Parameter weight, int dim) {}

    @Override
    void isWeight(Argument argument) {}
}
