package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pass knows of the values of the graph: labels and shapes of tensors, tensors in lists, numbers that are
 * known before the model runs, and which values are stored tensors transposed.
 */
abstract class KnownValues {
    private final Map<Value, LabelArray> arrays = new HashMap<>();
    private final Map<Value, List<Item>> lists = new HashMap<>();
    private final Map<Value, Known> numbers = new HashMap<>();
    private final Map<Value, List<Known>> numberLists = new HashMap<>();
    private final Map<Value, Parameter> transposed = new HashMap<>();
    private final StoredNumbers stored;

    KnownValues(StoredNumbers stored) {
        this.stored = stored;
    }

    /** Sizes of a tensor value in this pass. */
    abstract long[] shape(Value value);

    // Tensors.

    /** Labels of a tensor; empty when nothing in it may go. */
    Optional<LabelArray> labels(Argument argument) {
        return argument instanceof Argument.Ref ref ? labels(ref.value()) : Optional.empty();
    }

    Optional<LabelArray> labels(Value value) {
        return Optional.ofNullable(arrays.get(value));
    }

    void put(Value value, LabelArray labels) {
        arrays.put(value, labels);
    }

    void setList(Operator operator, List<Item> items) {
        lists.put(operator.outputs().get(0), items);
    }

    /** The tensors of a list argument, written out or computed; empty when it is neither. */
    Optional<List<Item>> items(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            return Optional.ofNullable(lists.get(ref.value()));
        } else if (!(argument instanceof Argument.Sequence)) {
            return Optional.empty();
        }
        List<Item> items = new ArrayList<>();
        for (Argument part : ((Argument.Sequence) argument).items()) {
            Optional<Item> item = item(part);
            if (item.isEmpty()) {
                return Optional.empty();
            }
            items.add(item.get());
        }
        return Optional.of(items);
    }

    /** A tensor operand, computed or stored; empty when the argument is no tensor. */
    Optional<Item> item(Argument argument) {
        if (argument instanceof Argument.Stored given) {
            return Optional.of(new Item(Optional.empty(), given.parameter().shape()));
        }
        return Arguments.tensor(argument).map(value -> new Item(labels(value), shape(value)));
    }

    /** Sizes of a tensor operand. */
    Optional<long[]> shape(Argument argument) {
        return item(argument).map(Item::shape);
    }

    // Numbers.

    /** The whole numbers of a small stored tensor, as surveyed. */
    Optional<long[]> storedList(Parameter parameter) {
        return stored.list(parameter);
    }

    /** A number that is known before the model runs. */
    Optional<Known> number(Argument argument) {
        if (argument instanceof Argument.Literal literal) {
            return literal.constant().filter(c -> !(c instanceof String)).map(Known::fixed);
        } else if (argument instanceof Argument.Ref ref) {
            return Optional.ofNullable(numbers.get(ref.value()));
        } else if (argument instanceof Argument.Stored given) {
            return stored.of(given.parameter()).map(Known::fixed);
        }
        return Optional.empty();
    }

    Optional<Long> integer(Argument argument) {
        return number(argument).map(Known::value).map(value -> value instanceof Long n ? n : null);
    }

    /** The dimension that an argument names in a tensor of this rank, counted from the front. */
    Optional<Integer> dim(Argument argument, int rank) {
        return integer(argument).map(d -> (int) (d < 0 ? d + rank : d)).filter(d -> d >= 0 && d < rank);
    }

    /** The same, or {@code absent} when the code names none. */
    Optional<Integer> dim(Argument argument, int rank, int absent) {
        return Arguments.isNone(argument) ? Optional.of(absent) : dim(argument, rank);
    }

    /** The dimensions that a list names, or one by itself; empty when any of them is not known. */
    Optional<List<Integer>> dims(Argument argument, int rank) {
        List<Argument> named = argument instanceof Argument.Sequence list ? list.items() : List.of(argument);
        List<Integer> dims = new ArrayList<>();
        named.forEach(item -> dim(item, rank).ifPresent(dims::add));
        return dims.size() == named.size() ? Optional.of(dims) : Optional.empty();
    }

    void setNumber(Operator operator, Known known) {
        setNumber(operator.outputs().get(0), known);
    }

    void setNumber(Value value, Known known) {
        numbers.put(value, known);
    }

    Optional<List<Known>> numberList(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            return Optional.ofNullable(numberLists.get(ref.value()));
        } else if (argument instanceof Argument.Sequence sequence) {
            List<Known> all = new ArrayList<>();
            sequence.items().forEach(item -> number(item).ifPresent(all::add));
            return all.size() == sequence.items().size() ? Optional.of(all) : Optional.empty();
        }
        return Optional.empty();
    }

    void setNumberList(Operator operator, List<Known> known) {
        numberLists.put(operator.outputs().get(0), known);
    }

    void putTransposed(Value value, Parameter parameter) {
        transposed.put(value, parameter);
    }

    /** The stored tensor that an argument is the two-dimensional transpose of. */
    Optional<Parameter> transposed(Argument argument) {
        return argument instanceof Argument.Ref ref
                ? Optional.ofNullable(transposed.get(ref.value()))
                : Optional.empty();
    }
}
