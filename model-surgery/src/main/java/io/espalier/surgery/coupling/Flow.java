package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * The labels as they travel through the graph: what operator rules read and write. The same rules run in every pass.
 * First all units are there and what they meet is noted ({@link Survey}); then, for a given cut, only the units that stay
 * are there, and every rule must find again what the survey found ({@link Rehearsal}). The other passes follow marks
 * ({@link Trace}) or smaller widths ({@link ResizedTrunk}).
 */
abstract class Flow extends KnownValues {
    private final Set<Parameter> recorded = new LinkedHashSet<>();
    private boolean covered;

    Flow(StoredNumbers stored) {
        super(stored);
    }

    // What differs between the passes.

    /** Labels for what an operator adds: units by a weight's dimension, or none when there is but one. */
    abstract int[] made(Operator operator, Parameter weight, int dim);

    /** Labels for elements without a producer, such as padding: they go with what they are combined with. */
    abstract int[] filling(Operator operator, int slot, long count);

    /** Labels along one dimension of a stored tensor that is used as data; they go with what it is combined with. */
    abstract int[] data(Operator operator, Parameter parameter, int dim);

    /** Joins index by index; both arrays have equal sizes. Where one side never goes, the other is protected. */
    abstract LabelArray joined(LabelArray a, LabelArray b, Operator operator, String reason);

    /** Keeps labels from ever being cut. */
    abstract void protect(int[] labels, Operator operator, String reason);

    /**
     * A use of a stored tensor: labels by dimension, all other dimensions fixed. The labels of a dimension may be given
     * for several blocks of the first dimension, one after the other.
     */
    abstract void record(Parameter parameter, Map<Integer, int[]> byDim, Operator operator);

    /** Notes the labels of an output, as the operator gives it. */
    abstract LabelArray checked(Operator operator, Value output, LabelArray given);

    /** Called when the rule of an operator has run. */
    abstract void finish(Operator operator);

    /** States that a stored tensor which an unknown operator takes holds units that stay. */
    abstract void refuse(Parameter parameter, Operator operator, String reason);

    /** Each list must keep equally many. */
    abstract void balance(Operator operator, List<int[]> blocks);

    /** Whether labels belong to no unit that a layer makes, as far as is known: then they may stay at no loss. */
    abstract boolean isLoose(int[] labels);

    /** Labels that an operator sees in two dimensions though its operand has them in one. */
    abstract void inRows(Operator operator, LabelArray labels);

    /** A dimension of an operand that must keep its size, whatever becomes of the others. */
    abstract void rigid(Operator operator, Argument operand, int dim);

    /** Numbers that the survey found and the rehearsal needs again, such as the bounds of a slice. */
    abstract long[] noted(Operator operator, int slot, long... found);

    /** How many indices before {@code index}, as surveyed, are left along a dimension of an operand. */
    abstract long left(Argument operand, int dim, long index);

    /**
     * The indices that a stored tensor holds, as they are in this pass: of what is left. Empty when they cannot be read, or
     * number the indices of something else too.
     */
    abstract Optional<int[]> picks(Argument operand, int dim, Parameter indices);

    /** An argument that must have this value now; where it has another, the code is to be changed. */
    abstract void require(Operator operator, Place place, long wanted);

    /** The numbers in a list argument, which must be these now; {@code inferred}: -1 may stand for one of them. */
    abstract void requireSizes(Operator operator, Place place, long[] wanted, boolean inferred);

    abstract void produces(Parameter weight, int dim);

    abstract void consumes(Parameter weight, int dim);

    /** Says that an argument, when it is a stored tensor, is a weight, bias, or norm scale or shift. */
    abstract void isWeight(Argument argument);

    void set(Operator operator, LabelArray given) {
        set(operator, operator.outputs().get(0), given);
    }

    void set(Operator operator, Value output, LabelArray given) {
        if (Arrays.stream(given.cells()).anyMatch(label -> label != 0)) {
            LabelArray kept = checked(operator, output, given);
            if (kept != null) {
                put(output, kept);
            }
        }
    }

    // What rules have in common.

    /** Protects whatever flows into the operator, by value, by weight or by count; its outputs carry no labels. */
    void protectAll(Operator operator, String reason) {
        Arguments.all(operator).forEach(argument -> {
            labels(argument).ifPresent(found -> protect(found.cells(), operator, reason));
            number(argument).ifPresent(found -> protect(found, operator, reason));
            items(argument)
                    .orElse(List.of())
                    .forEach(item -> item.labels().ifPresent(found -> protect(found.cells(), operator, reason)));
            numberList(argument).orElse(List.of()).forEach(found -> protect(found, operator, reason));
            storedBehind(argument).ifPresent(parameter -> {
                record(parameter, Map.of(), operator);
                refuse(parameter, operator, reason);
            });
        });
    }

    private void protect(Known number, Operator operator, String reason) {
        number.counts().forEach(count -> protect(count.labels().cells(), operator, reason));
    }

    private Optional<Parameter> storedBehind(Argument argument) {
        return Arguments.stored(argument).or(() -> transposed(argument));
    }

    /**
     * Labels along some dimensions that are mixed with each other: what varies along them alone is protected; what varies
     * along others as well goes whole or not at all, such as an attention head. The result does not vary along them.
     */
    Optional<LabelArray> mixed(LabelArray labels, IntPredicate dims, Operator operator, String reason) {
        if (!labels.variesAlong(dims)) {
            return Optional.of(labels);
        } else if (!labels.variesAlong(dims.negate())) {
            protect(labels.cells(), operator, reason);
            return Optional.empty();
        }
        LabelArray first = labels.collapsed(dims);
        joined(first.expanded(labels.sizes()), labels, operator, reason);
        return Optional.of(first);
    }

    /** Labels along one dimension: what is spread over others as well, such as a map that a linear layer makes, goes whole. */
    Optional<LabelArray> along(int dim, Argument argument, Operator operator, String reason) {
        return labels(argument).flatMap(found -> mixed(found, d -> d != dim, operator, reason));
    }

    void setTransposed(Value value, Parameter parameter) {
        putTransposed(value, parameter);
        recorded.add(parameter);
    }

    void startOperator() {
        recorded.clear();
        covered = false;
    }

    /** Says that the rule of the running operator sees to its sizes. */
    void cover() {
        covered = true;
    }

    boolean isCovered() {
        return covered;
    }

    void noteRecorded(Parameter parameter) {
        recorded.add(parameter);
    }

    /** Fixes every stored tensor that the operator uses and its rule said nothing about. */
    void fixUnrecorded(Operator operator) {
        Arguments.all(operator).forEach(argument -> {
            if (argument instanceof Argument.Stored given && !recorded.contains(given.parameter())) {
                record(given.parameter(), Map.of(), operator);
            }
        });
    }
}
