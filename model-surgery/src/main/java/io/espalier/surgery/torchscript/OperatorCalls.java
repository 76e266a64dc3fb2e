package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs an operator while code is inlined: at once where its operands are plain values or lists, otherwise as an operator of
 * the graph, with its result noted where it can be told.
 */
final class OperatorCalls {
    private static final Set<String> MESSAGES = Set.of("warn", "prim.Print");

    private final GraphBuilder graph;
    private final KnownValues known;
    private final LiteralSites literals;
    private final Conversion conversion;
    private final Containers containers;
    private final TensorQuestions questions;
    private boolean ran;

    OperatorCalls(GraphBuilder graph, KnownValues known, LiteralSites literals) {
        this.graph = graph;
        this.known = known;
        this.literals = literals;
        this.conversion = new Conversion(known);
        this.containers = new Containers(conversion::constant);
        this.questions = new TensorQuestions(known, conversion, this::size);
    }

    /** Whether anything was run that a graph cannot say, such as a change of a list. */
    boolean ran() {
        return ran;
    }

    /** {@code wanted}: values that the result goes to, negative when it is taken apart. */
    Symbol call(String name, List<Symbol> given, Map<String, Symbol> named, Scope scope, int line, int wanted) {
        try {
            return run(name, given, named, scope, line, wanted);
        } catch (IndexOutOfBoundsException e) {
            // Operators take their arguments by position, and nobody has counted them before.
            throw scope.refused(line, "a call of " + name + " with too few arguments");
        }
    }

    private Symbol run(String name, List<Symbol> given, Map<String, Symbol> named, Scope scope, int line, int wanted) {
        if (name.equals("prim.RaiseException")) {
            throw scope.refused(line, "the model raises an error when it runs this: " + message(given));
        } else if (MESSAGES.contains(name)) {
            return Symbol.NONE;
        }
        Optional<Symbol> known = Surroundings.answer(name);
        if (known.isEmpty()) {
            known = ofParts(name, given, scope, line);
        }
        if (known.isEmpty() && named.isEmpty()) {
            known = inContainer(name, given, scope, line);
        }
        if (known.isEmpty() && named.isEmpty()) {
            known = questions.answer(name, given, scope, line);
        }
        return known.isPresent() ? known.get() : operator(name, given, named, scope, line, wanted);
    }

    /** {@code len} and {@code list} of a list of tensors that an operator has made. */
    private Optional<Symbol> ofParts(String name, List<Symbol> given, Scope scope, int line) {
        boolean length = name.equals("len");
        if (given.size() != 1 || !(length || name.equals("list")) || !(given.get(0) instanceof Symbol.Data data)) {
            return Optional.empty();
        }
        int parts = graph.parts(data.argument());
        if (parts <= 0) {
            return Optional.empty();
        }
        ran = true;
        return Optional.of(length ? Symbol.literal((long) parts) : list(given, scope, line, parts));
    }

    private Symbol operator(
            String name, List<Symbol> given, Map<String, Symbol> named, Scope scope, int line, int wanted) {
        List<Argument> arguments = new ArrayList<>();
        given.forEach(symbol -> arguments.add(argument(symbol, scope, line)));
        Map<String, Argument> namedArguments = new LinkedHashMap<>();
        named.forEach((key, symbol) -> namedArguments.put(key, argument(symbol, scope, line)));
        Optional<Object> folded = named.isEmpty()
                ? known.constants(arguments).flatMap(values -> Folding.fold(name, values))
                : Optional.empty();
        boolean plain = arguments.stream().noneMatch(OperatorCalls::hasRef);
        if (folded.isPresent() && plain && wanted > 0 && !name.equals("prim.NumToTensor")) {
            arguments.forEach(literals::pin);
            return symbol(folded.get());
        }
        if (wanted < 0 && name.equals("size") && arguments.size() == 1) {
            return questions.sizes(arguments.get(0), -wanted, scope, line);
        }
        List<Value> outputs = graph.add(name, arguments, namedArguments, scope, line, wanted);
        if (!outputs.isEmpty()) {
            folded.ifPresent(constant -> known.learn(outputs.get(0), constant));
            questions.note(name, arguments, outputs.get(0));
        }
        return wanted < 0 || outputs.size() > 1
                ? Symbol.Items.tuple(outputs.stream().map(OperatorCalls::ref).toList())
                : outputs.isEmpty() ? Symbol.NONE : ref(outputs.get(0));
    }

    /** A list of its own, with the same tensors, which code may change. */
    private Symbol list(List<Symbol> tensors, Scope scope, int line, int parts) {
        Symbol.Items items = (Symbol.Items) call("prim.unpack", tensors, Map.of(), scope, line, -parts);
        return new Symbol.Items(new ArrayList<>(items.items()), false, "", List.of());
    }

    private Optional<Symbol> inContainer(String name, List<Symbol> given, Scope scope, int line) {
        try {
            Optional<Symbol> result = containers.apply(name, given);
            if (result.isPresent()) {
                ran |= !name.equals("__getitem__");
                given.forEach(this::pin);
            }
            return result;
        } catch (UnsupportedOperationException e) {
            throw scope.refused(line, "a change of a list or dictionary that the model keeps" + Scope.TRACE);
        }
    }

    private Symbol size(Symbol tensor, Symbol dim, Scope scope, int line) {
        return call("size", List.of(tensor, dim), Map.of(), scope, line, 1);
    }

    /** As {@link Conversion#constant}. */
    Object constant(Symbol symbol) {
        return conversion.constant(symbol);
    }

    /** As {@link Conversion#argument}. */
    Argument argument(Symbol symbol, Scope scope, int line) {
        return conversion.argument(symbol, scope, line);
    }

    private void pin(Symbol symbol) {
        if (symbol instanceof Symbol.Data data) {
            literals.pin(data.argument());
        }
    }

    private String message(List<Symbol> given) {
        return given.isEmpty() || !(conversion.constant(given.get(0)) instanceof String text)
                ? "(no text)"
                : text.replaceAll("\\p{Cntrl}", " ");
    }

    private static Symbol ref(Value value) {
        return new Symbol.Data(new Argument.Ref(value));
    }

    private static boolean hasRef(Argument argument) {
        return argument instanceof Argument.Ref
                || (argument instanceof Argument.Sequence s
                        && s.items().stream().anyMatch(OperatorCalls::hasRef));
    }

    private static Symbol symbol(Object constant) {
        if (constant instanceof List<?> list) {
            return Symbol.Items.list(
                    new ArrayList<>(list.stream().map(OperatorCalls::symbol).toList()));
        }
        return constant == Folding.NONE ? Symbol.NONE : Symbol.literal(constant);
    }
}
