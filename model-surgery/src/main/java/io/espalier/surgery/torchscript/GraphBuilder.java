package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects the operators that inlining meets, with what is known of their results. */
final class GraphBuilder {
    private static final int OPERATOR_LIMIT = 200_000;
    private static final int RANK_LIMIT = 64;

    private final Recording recording;
    private final List<Value> values = new ArrayList<>();
    private final List<Operator> operators = new ArrayList<>();
    private final List<LiteralSite> places = new ArrayList<>();
    private final Map<LiteralSite, Integer> placeNumbers = new HashMap<>();
    private final List<Optional<LiteralSite>> sites = new ArrayList<>();
    private final List<Recording.Entry> tensors = new ArrayList<>();
    private final Map<Value, Object> known = new HashMap<>();
    private final Map<Value, Operator> lists = new HashMap<>();
    private final Set<Value> ofData = new HashSet<>();
    private final Set<Value> ofBatch = new HashSet<>();
    private int recorded;
    private boolean diverged;

    GraphBuilder(Recording recording) {
        this.recording = recording;
    }

    Value input(String name) {
        return value(name, Value.Type.TENSOR, originOfInput(name), TensorFact.UNKNOWN);
    }

    static String originOfInput(String name) {
        return "input " + name;
    }

    private Value value(String name, Value.Type type, String origin, TensorFact inferred) {
        boolean tensor = type == Value.Type.TENSOR;
        Value value = new Value(values.size(), tensor ? tensors.size() : -1, name, type);
        values.add(value);
        if (tensor) {
            Optional<TensorFact> fact = diverged ? Optional.empty() : recording.fact(tensors.size(), origin);
            diverged |= fact.isEmpty();
            recorded += fact.isPresent() ? 1 : 0;
            boolean plausible = !inferred.hasRank() || inferred.rank() <= RANK_LIMIT;
            tensors.add(new Recording.Entry(origin, fact.orElse(plausible ? inferred : TensorFact.UNKNOWN)));
        }
        return value;
    }

    /** Number of the place that a literal was written at, kept in its argument until an operator takes it. */
    int place(LiteralSite site) {
        return placeNumbers.computeIfAbsent(site, s -> {
            places.add(s);
            return places.size() - 1;
        });
    }

    /** Adds an operator; {@code wanted} is negative when its result is taken apart into as many values. */
    List<Value> add(
            String name, List<Argument> given, Map<String, Argument> givenNamed, Scope scope, int line, int wanted) {
        if (operators.size() >= OPERATOR_LIMIT) {
            throw scope.refused(line, "more than " + OPERATOR_LIMIT + " operators when inlined");
        }
        List<Argument> arguments = given.stream().map(this::used).toList();
        Map<String, Argument> named = new LinkedHashMap<>();
        givenNamed.forEach((key, argument) -> named.put(key, used(argument)));
        String place = scope.place(line);
        List<Value.Type> types = types(name, arguments, named, wanted);
        Operator maker = name.equals("prim.unpack") && arguments.get(0) instanceof Argument.Ref list
                ? lists.get(list.value())
                : null;
        List<TensorFact> facts = new ShapeRules(this)
                .infer(
                        maker == null ? name : maker.name(),
                        maker == null ? arguments : maker.arguments(),
                        Math.max(1, types.size()));
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            outputs.add(value("v" + values.size(), types.get(i), name + " at " + place, facts.get(i)));
        }
        boolean readsData = arguments.stream().anyMatch(this::isOfData);
        outputs.stream().filter(v -> readsData && v.type() != Value.Type.TENSOR).forEach(ofData::add);
        boolean countsSamples = arguments.stream().anyMatch(this::isOfBatch) || asksForBatch(name, arguments);
        outputs.stream()
                .filter(v -> countsSamples && v.type() != Value.Type.TENSOR)
                .forEach(ofBatch::add);
        Operator operator = new Operator(
                operators.size(),
                name,
                arguments,
                named,
                outputs,
                scope.module().name(),
                scope.call(),
                place);
        operators.add(operator);
        outputs.stream().filter(v -> v.type() == Value.Type.TENSOR_LIST).forEach(v -> lists.put(v, operator));
        return outputs;
    }

    /** How many tensors a list has that an operator has made of one; -1 where that is not known. */
    int parts(Argument list) {
        Operator maker = list instanceof Argument.Ref ref ? lists.get(ref.value()) : null;
        return maker == null || !maker.named().isEmpty() || maker.arguments().isEmpty()
                ? -1
                : new ShapeRules(this).parts(maker.name(), maker.arguments());
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

    private static List<Value.Type> types(String name, List<Argument> given, Map<String, Argument> named, int wanted) {
        if (wanted == 0) {
            return List.of();
        }
        List<Value.Type> types = OperatorTypes.results(name, given, named, Math.abs(wanted));
        boolean single = wanted == -1 && types.get(0) == Value.Type.TENSOR_LIST;
        return single ? List.of(Value.Type.TENSOR) : types;
    }

    /** A use of literals that leaves no operator behind: they cannot be given other values where they stand. */
    void pin(Argument argument) {
        used(argument);
    }

    /** The argument with literals that cannot be rewritten. */
    static Argument fixed(Argument argument) {
        if (argument instanceof Argument.Literal literal) {
            return new Argument.Literal(literal.constant(), -1);
        } else if (argument instanceof Argument.Sequence sequence) {
            return new Argument.Sequence(
                    sequence.items().stream().map(GraphBuilder::fixed).toList(),
                    sequence.tuple(),
                    sequence.type(),
                    sequence.keys());
        }
        return argument;
    }

    /** An argument with a number of its own for each integer in it. */
    private Argument used(Argument argument) {
        if (argument instanceof Argument.Literal literal && literal.constant().orElse(null) instanceof Long) {
            sites.add(literal.site() < 0 ? Optional.empty() : Optional.of(places.get(literal.site())));
            return new Argument.Literal(literal.constant(), sites.size() - 1);
        } else if (argument instanceof Argument.Sequence sequence) {
            return new Argument.Sequence(
                    sequence.items().stream().map(this::used).toList(),
                    sequence.tuple(),
                    sequence.type(),
                    sequence.keys());
        }
        return argument;
    }

    void learn(Value value, Object constant) {
        known.put(value, constant);
        ofData.remove(value);
    }

    /** The plain value (see {@link Folding}) of an argument, or null when it is not known. */
    Object constant(Argument argument) {
        if (argument instanceof Argument.Literal literal) {
            return literal.constant().orElse(Folding.NONE);
        } else if (argument instanceof Argument.Ref ref) {
            return known.get(ref.value());
        } else if (argument instanceof Argument.Sequence sequence
                && sequence.keys().isEmpty()) {
            List<Object> items = new ArrayList<>();
            for (Argument item : sequence.items()) {
                Object constant = constant(item);
                if (constant == null) {
                    return null;
                }
                items.add(constant);
            }
            return items;
        }
        return null;
    }

    /** Whether the argument is computed from what a tensor holds, not from its shape or type alone. */
    boolean isOfData(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            return !known.containsKey(ref.value())
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

    /** Marks what asks a tensor for its shape or type: what it holds does not matter. */
    void describes(Value value) {
        ofData.remove(value);
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

    List<Value> values() {
        return values;
    }

    List<Operator> operators() {
        return operators;
    }

    List<Optional<LiteralSite>> sites() {
        return sites;
    }

    /** What is known of the tensors in the order in which they were met. */
    List<Recording.Entry> tensors() {
        return tensors;
    }
}
