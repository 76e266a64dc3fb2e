package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects the operators that inlining meets, and their values. */
final class GraphBuilder {
    private static final int OPERATOR_LIMIT = 200_000;

    private final KnownValues known;
    private final LiteralSites literals;
    private final List<Value> values = new ArrayList<>();
    private final List<Operator> operators = new ArrayList<>();
    private final Map<Value, Operator> lists = new HashMap<>();

    GraphBuilder(KnownValues known, LiteralSites literals) {
        this.known = known;
        this.literals = literals;
    }

    Value input(String name) {
        return value(name, Value.Type.TENSOR, originOfInput(name), TensorFact.UNKNOWN);
    }

    static String originOfInput(String name) {
        return "input " + name;
    }

    private Value value(String name, Value.Type type, String origin, TensorFact inferred) {
        int tensor = type == Value.Type.TENSOR ? known.addTensor(origin, inferred) : -1;
        Value value = new Value(values.size(), tensor, name, type);
        values.add(value);
        return value;
    }

    /** Adds an operator; {@code wanted} is negative when its result is taken apart into as many values. */
    List<Value> add(
            String name, List<Argument> given, Map<String, Argument> givenNamed, Scope scope, int line, int wanted) {
        if (operators.size() >= OPERATOR_LIMIT) {
            throw scope.refused(line, "more than " + OPERATOR_LIMIT + " operators when inlined");
        }
        List<Argument> arguments = given.stream().map(literals::used).toList();
        Map<String, Argument> named = new LinkedHashMap<>();
        givenNamed.forEach((key, argument) -> named.put(key, literals.used(argument)));
        String place = scope.place(line);
        List<Value.Type> types = types(name, arguments, named, wanted);
        List<TensorFact> facts = facts(name, arguments, Math.max(1, types.size()));
        List<Value> outputs = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            outputs.add(value("v" + values.size(), types.get(i), name + " at " + place, facts.get(i)));
        }
        known.computed(name, arguments, outputs);
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

    /** A list that is unpacked gives what the operator that has made it gives. */
    private List<TensorFact> facts(String name, List<Argument> arguments, int results) {
        Operator maker = name.equals("prim.unpack") && arguments.get(0) instanceof Argument.Ref list
                ? lists.get(list.value())
                : null;
        return maker == null
                ? ShapeRules.infer(known, name, arguments, results)
                : ShapeRules.infer(known, maker.name(), maker.arguments(), results);
    }

    /** How many tensors a list has that an operator has made of one; -1 where that is not known. */
    int parts(Argument list) {
        Operator maker = list instanceof Argument.Ref ref ? lists.get(ref.value()) : null;
        return maker == null || !maker.named().isEmpty() || maker.arguments().isEmpty()
                ? -1
                : PartShapes.count(known, maker.name(), maker.arguments());
    }

    private static List<Value.Type> types(String name, List<Argument> given, Map<String, Argument> named, int wanted) {
        if (wanted == 0) {
            return List.of();
        }
        List<Value.Type> types = OperatorTypes.results(name, given, named, Math.abs(wanted));
        boolean single = wanted == -1 && types.get(0) == Value.Type.TENSOR_LIST;
        return single ? List.of(Value.Type.TENSOR) : types;
    }

    List<Value> values() {
        return values;
    }

    List<Operator> operators() {
        return operators;
    }
}
