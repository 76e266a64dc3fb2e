package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the graph's values before the model runs: shapes and types of tensors, plain values, and whether a number
 * comes from what a tensor holds or from how many samples a batch has.
 */
final class KnownValues {
    private static final int RANK_LIMIT = 64;

    private final Recording recording;
    private final List<Recording.Entry> tensors = new ArrayList<>();
    private final Map<Value, Object> constants = new HashMap<>();
    private final Set<Value> ofData = new HashSet<>();
    private final Set<Value> ofBatch = new HashSet<>();
    private int recorded;
    private boolean diverged;

    KnownValues(Recording recording) {
        this.recording = recording;
    }

    /** Takes up the next tensor, with what was recorded of it or else what is inferred; returns its number. */
    int addTensor(String origin, TensorFact inferred) {
        Optional<TensorFact> fact = diverged ? Optional.empty() : recording.fact(tensors.size(), origin);
        diverged |= fact.isEmpty();
        recorded += fact.isPresent() ? 1 : 0;
        boolean plausible = !inferred.hasRank() || inferred.rank() <= RANK_LIMIT;
        tensors.add(new Recording.Entry(origin, fact.orElse(plausible ? inferred : TensorFact.UNKNOWN)));
        return tensors.size() - 1;
    }

    /** Notes where an operator's results come from. */
    void computed(String name, List<Argument> arguments, List<Value> outputs) {
        boolean readsData = arguments.stream().anyMatch(this::isOfData);
        outputs.stream().filter(v -> readsData && v.type() != Value.Type.TENSOR).forEach(ofData::add);
        boolean countsSamples = arguments.stream().anyMatch(this::isOfBatch) || asksForBatch(name, arguments);
        outputs.stream()
                .filter(v -> countsSamples && v.type() != Value.Type.TENSOR)
                .forEach(ofBatch::add);
    }

    /** Samples of a batch lie along the first dimension of whatever is computed. */
    private boolean asksForBatch(String name, List<Argument> arguments) {
        boolean computed = !arguments.isEmpty() && arguments.get(0) instanceof Argument.Ref;
        return computed
                && ((name.equals("len") && fact(arguments.get(0)).hasRank())
                        || (name.equals("size")
                                && arguments.size() == 2
                                && Long.valueOf(0).equals(constant(arguments.get(1)))));
    }

    void learn(Value value, Object constant) {
        constants.put(value, constant);
        ofData.remove(value);
    }

    /** Marks what asks a tensor for its shape or type: what it holds does not matter. */
    void describes(Value value) {
        ofData.remove(value);
    }

    /** The plain value (see {@link Folding}) of an argument, or null when it is not known. */
    Object constant(Argument argument) {
        if (argument instanceof Argument.Literal literal) {
            return literal.constant().orElse(Folding.NONE);
        } else if (argument instanceof Argument.Ref ref) {
            return constants.get(ref.value());
        } else if (argument instanceof Argument.Sequence sequence
                && sequence.keys().isEmpty()) {
            return constants(sequence.items()).orElse(null);
        }
        return null;
    }

    /** The plain values of all arguments; empty where one is not known. */
    Optional<List<Object>> constants(List<Argument> arguments) {
        List<Object> values = new ArrayList<>();
        for (Argument argument : arguments) {
            Object value = constant(argument);
            if (value == null) {
                return Optional.empty();
            }
            values.add(value);
        }
        return Optional.of(values);
    }

    /** Whether the argument is computed from what a tensor holds, not from its shape or type alone. */
    boolean isOfData(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            return !constants.containsKey(ref.value())
                    && (ref.value().type() == Value.Type.TENSOR || ofData.contains(ref.value()));
        }
        return argument instanceof Argument.Sequence sequence
                && sequence.items().stream().anyMatch(this::isOfData);
    }

    /** Whether the argument is computed from how many samples the recorded batch has. */
    boolean isOfBatch(Argument argument) {
        return argument instanceof Argument.Ref ref
                ? ofBatch.contains(ref.value())
                : argument instanceof Argument.Sequence sequence
                        && sequence.items().stream().anyMatch(this::isOfBatch);
    }

    TensorFact fact(Argument argument) {
        if (argument instanceof Argument.Ref ref && ref.value().tensor() >= 0) {
            return tensors.get(ref.value().tensor()).fact();
        }
        return argument instanceof Argument.Stored stored ? TensorFact.of(stored.parameter()) : TensorFact.UNKNOWN;
    }

    boolean allRecorded() {
        return recorded == tensors.size();
    }

    /** What is known of the tensors in the order in which they were met. */
    List<Recording.Entry> tensors() {
        return tensors;
    }
}
