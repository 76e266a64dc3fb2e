package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Prints the inlined graph, or some operators of it, as one flat method of the top class: the same operators in the same
 * order with the same arguments, so that it computes the same bits.
 */
final class MethodPrinter {
    private final InlinedMethod inlined;
    private final ParameterTable parameters;
    private final Map<Integer, Long> literals;
    private final Set<Parameter> given;

    private MethodPrinter(
            InlinedMethod inlined, ParameterTable parameters, Map<Integer, Long> literals, Set<Parameter> given) {
        this.inlined = inlined;
        this.parameters = parameters;
        this.literals = literals;
        this.given = given;
    }

    /** {@code literals}: by site number, what to print instead of the integer that was read. */
    MethodPrinter(InlinedMethod inlined, ParameterTable parameters, Map<Integer, Long> literals) {
        this(inlined, parameters, literals, Set.of());
    }

    MethodPrinter(InlinedMethod inlined, ParameterTable parameters) {
        this(inlined, parameters, Map.of(), Set.of());
    }

    /**
     * A method to print.
     *
     * @param inputs values it takes, in order
     * @param given stored tensors that it takes behind these, instead of using those of the file
     * @param extra by index of an operator, statements to put before it; behind all, for the number of operators
     * @param returns type of what it returns
     * @param result the returned expression, told the expression of what {@code forward} returns
     */
    record Method(
            String name,
            List<Value> inputs,
            List<Parameter> given,
            List<Operator> operators,
            Map<Integer, List<String>> extra,
            String returns,
            UnaryOperator<String> result) {}

    /** The whole of {@code forward}, whose inputs keep their names. */
    String printForward() {
        Map<Value, String> names = new HashMap<>();
        inlined.graph().inputs().forEach(input -> names.put(input, input.name()));
        return print(whole("forward", Map.of(), inlined.method().returns(), output -> output), names);
    }

    /** All operators, with statements between them. */
    Method whole(String name, Map<Integer, List<String>> extra, String returns, UnaryOperator<String> result) {
        Graph graph = inlined.graph();
        return new Method(name, graph.inputs(), List.of(), graph.operators(), extra, returns, result);
    }

    String print(Method method) {
        Set<Parameter> taken = Set.copyOf(method.given());
        return new MethodPrinter(inlined, parameters, literals, taken).print(method, Map.of());
    }

    private String print(Method method, Map<Value, String> inputs) {
        StringBuilder text = new StringBuilder("  def ").append(method.name()).append("(self");
        method.inputs()
                .forEach(input -> text.append(",\n    ")
                        .append(inputs.getOrDefault(input, variable(input)))
                        .append(": Tensor"));
        method.given()
                .forEach(parameter ->
                        text.append(",\n    ").append(variable(parameter)).append(": Tensor"));
        text.append(") -> ").append(method.returns()).append(":\n");
        if (!inputs.isEmpty()) {
            // All at once: one input may have the name of another's variable.
            StringJoiner names = new StringJoiner(", ");
            method.inputs().forEach(input -> names.add(inputs.get(input)));
            StringJoiner variables = new StringJoiner(", ");
            method.inputs().forEach(input -> variables.add(variable(input)));
            text.append("    ").append(variables).append(" = ").append(names).append('\n');
        }
        Map<Integer, List<String>> extra = new TreeMap<>(method.extra());
        for (Operator operator : method.operators()) {
            line(text, extra, operator.index());
            text.append("    ").append(statement(operator)).append('\n');
        }
        line(text, extra, Integer.MAX_VALUE);
        return text.append("    return ")
                .append(method.result().apply(print(inlined.graph().outputs())))
                .append('\n')
                .toString();
    }

    /** Prints, and forgets, the statements for places up to one. */
    private static void line(StringBuilder text, Map<Integer, List<String>> extra, int place) {
        extra.entrySet().removeIf(entry -> {
            boolean due = entry.getKey() <= place;
            if (due) {
                entry.getValue().forEach(s -> text.append("    ").append(s).append('\n'));
            }
            return due;
        });
    }

    static String variable(Value value) {
        return "v" + value.id();
    }

    private static String variable(Parameter parameter) {
        return "p" + parameter.id();
    }

    private String statement(Operator operator) {
        String call = call(operator);
        List<Value> outputs = operator.outputs();
        if (outputs.isEmpty()) {
            return call;
        } else if (outputs.size() == 1 && !unpacksOne(operator)) {
            return variable(outputs.get(0)) + " = " + call;
        }
        StringBuilder targets = new StringBuilder();
        outputs.forEach(output -> targets.append(variable(output)).append(", "));
        return targets.append("= ").append(call).toString();
    }

    private static boolean unpacksOne(Operator operator) {
        return operator.name().equals("prim.unpack")
                || (operator.outputs().get(0).type() == Value.Type.TENSOR
                        && OperatorTypes.result(operator.name(), operator.arguments(), operator.named())
                                == Value.Type.TENSOR_LIST);
    }

    private String call(Operator operator) {
        if (operator.name().equals("__getitem__")) {
            return print(operator.argument(0)) + "[" + print(operator.argument(1)) + "]";
        } else if (operator.name().equals("prim.unpack")) {
            return print(operator.argument(0));
        }
        StringJoiner arguments = new StringJoiner(", ", "(", ")");
        operator.arguments().forEach(argument -> arguments.add(print(argument)));
        operator.named().forEach((key, argument) -> arguments.add(key + "=" + print(argument)));
        return Printed.function(operator.name()) + arguments;
    }

    private String print(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            return variable(ref.value());
        } else if (argument instanceof Argument.Stored stored) {
            return given.contains(stored.parameter())
                    ? variable(stored.parameter())
                    : parameters.expression(stored.parameter());
        } else if (argument instanceof Argument.Literal literal) {
            Long edited = literal.site() < 0 ? null : literals.get(literal.site());
            return edited != null
                    ? Long.toString(edited)
                    : literal.constant().map(Printed::constant).orElse("None");
        } else if (argument instanceof Argument.Verbatim verbatim) {
            return verbatim.text();
        } else if (argument instanceof Argument.Scaled scaled) {
            return "torch.floordiv(torch.mul(" + print(scaled.number()) + ", " + scaled.times() + "), " + scaled.over()
                    + ")";
        }
        return print((Argument.Sequence) argument);
    }

    private String print(Argument.Sequence sequence) {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < sequence.items().size(); i++) {
            items.append(i == 0 ? "" : ", ");
            if (!sequence.keys().isEmpty()) {
                items.append(Printed.constant(sequence.keys().get(i))).append(": ");
            }
            items.append(print(sequence.items().get(i)));
        }
        if (!sequence.keys().isEmpty()) {
            return "{" + items + "}";
        } else if (!sequence.tuple()) {
            return sequence.type().isEmpty() ? "[" + items + "]" : "annotate(" + sequence.type() + ", [" + items + "])";
        }
        return sequence.type() + "(" + items
                + (sequence.items().size() == 1 && sequence.type().isEmpty() ? "," : "") + ")";
    }
}
