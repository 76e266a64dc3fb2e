package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * Prints the inlined graph as one flat method of the top class: the same operators in the same order with the same
 * arguments, so that it computes the same bits, with extra statements right behind the definition of a value, since an
 * in-place operator may overwrite it later.
 */
final class MethodPrinter {
    private final InlinedMethod inlined;
    private final ParameterTable parameters;
    private final Map<Integer, Long> literals;

    /** {@code literals}: by site number, what to print instead of the integer that was read. */
    MethodPrinter(InlinedMethod inlined, ParameterTable parameters, Map<Integer, Long> literals) {
        this.inlined = inlined;
        this.parameters = parameters;
        this.literals = literals;
    }

    MethodPrinter(InlinedMethod inlined, ParameterTable parameters) {
        this(inlined, parameters, Map.of());
    }

    /** The whole of {@code forward}, whose inputs keep their names. */
    String printForward() {
        Map<Value, String> names = new HashMap<>();
        inlined.graph().inputs().forEach(input -> names.put(input, input.name()));
        return print("forward", inlined.method().returns(), names, Map.of(), output -> output);
    }

    /**
     * @param extra statements to put behind the definition of a value, told the variable that holds it
     * @param result the returned expression, told the expression of what {@code forward} returns
     */
    String print(
            String name,
            String returns,
            Map<Value, Function<String, List<String>>> extra,
            Function<String, String> result) {
        return print(name, returns, Map.of(), extra, result);
    }

    private String print(
            String name,
            String returns,
            Map<Value, String> inputs,
            Map<Value, Function<String, List<String>>> extra,
            Function<String, String> result) {
        StringBuilder text = new StringBuilder("  def ").append(name).append("(self");
        Graph graph = inlined.graph();
        graph.inputs()
                .forEach(input -> text.append(",\n    ")
                        .append(inputs.getOrDefault(input, variable(input)))
                        .append(": Tensor"));
        text.append(") -> ").append(returns).append(":\n");
        if (!inputs.isEmpty()) {
            // All at once: one input may have the name of another's variable.
            StringJoiner names = new StringJoiner(", ");
            graph.inputs().forEach(input -> names.add(inputs.get(input)));
            StringJoiner variables = new StringJoiner(", ");
            graph.inputs().forEach(input -> variables.add(variable(input)));
            text.append("    ").append(variables).append(" = ").append(names).append('\n');
        }
        graph.inputs().forEach(input -> behind(text, input, extra));
        for (Operator operator : graph.operators()) {
            text.append("    ").append(statement(operator)).append('\n');
            operator.outputs().forEach(output -> behind(text, output, extra));
        }
        return text.append("    return ")
                .append(result.apply(print(graph.outputs())))
                .append('\n')
                .toString();
    }

    private static void behind(StringBuilder text, Value value, Map<Value, Function<String, List<String>>> extra) {
        Function<String, List<String>> statements = extra.get(value);
        if (statements != null) {
            statements
                    .apply(variable(value))
                    .forEach(s -> text.append("    ").append(s).append('\n'));
        }
    }

    static String variable(Value value) {
        return "v" + value.id();
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
            return parameters.expression(stored.parameter());
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
