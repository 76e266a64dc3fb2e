package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The operators of a trunk at a smaller width: each producer makes only its first units, labelled as in the survey, and
 * what each of these reaches is noted. So it is found how many units of each kind the network of that width has.
 */
final class ResizedTrunk extends LaterPass {
    private final Survey survey;
    private final Trunk trunk;
    private final TrunkPlaces places;
    private final int width;
    private final TrunkSizes sizes;
    private final TrunkReach reach;
    private final Map<ParameterDim, int[]> met = new HashMap<>();
    private int balances;

    ResizedTrunk(Survey survey, StoredNumbers stored, Trunk trunk, TrunkPlaces places, int width) {
        super(survey, stored);
        this.survey = survey;
        this.trunk = trunk;
        this.places = places;
        this.width = width;
        this.sizes = TrunkSizes.ofOne(survey, trunk, width);
        this.reach = new TrunkReach(trunk, survey.sets().joined().size());
    }

    /** Runs the operators; throws {@link Inconsistent} or {@link IllegalArgumentException} when there is no such width. */
    void run(OperatorRunner runner) {
        trunk.operators().forEach(operator -> runner.apply(operator, this));
        trunk.producers().forEach(producer -> reach.gather(made(producer.labels())));
    }

    TrunkReach reach() {
        return reach;
    }

    /** The units that a producer makes at this width. */
    int[] made(int[] surveyed) {
        return Arrays.copyOf(surveyed, Math.toIntExact((long) surveyed.length * width / trunk.widest()));
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
        int[] surveyed = survey.notes().added(operator, SurveyNotes.UNITS);
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
        return paired(a, b, operator, (one, other) -> {
            if (one != 0 && other != 0) {
                reach.join(one, other);
            }
        });
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
        int[][] surveyed = survey.uses().cells().get(parameter);
        byDim.forEach((dim, labels) -> {
            int runs = surveyed[dim].length / (int) parameter.shape()[dim];
            for (int i = 0; i < labels.length; i++) {
                reach.note(labels[i], places.of(parameter, dim, (int) ((long) i * runs / labels.length)));
            }
            int[] before = met.putIfAbsent(new ParameterDim(parameter, dim), labels);
            if (before != null) {
                joined(LabelArray.along(1, 0, before), LabelArray.along(1, 0, labels), operator, "");
            }
        });
    }

    @Override
    LabelArray checked(Operator operator, Value output, LabelArray labels) {
        if (!trunk.values().contains(output)) {
            return null;
        }
        meets(output);
        reach.note(labels.cells(), places.of(output));
        return labels;
    }

    @Override
    void finish(Operator operator) {
        requireMet(operator, trunk.values()::contains);
    }

    @Override
    void balance(Operator operator, List<int[]> blocks) {
        requireEven(operator, blocks);
        for (int b = 0; b < blocks.size(); b++) {
            reach.note(blocks.get(b), places.ofPart(operator.index(), balances, b));
        }
        balances++;
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
}
