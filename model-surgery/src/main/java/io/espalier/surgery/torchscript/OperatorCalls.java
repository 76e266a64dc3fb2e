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
    /**
     * What is taken as given of the recorded call: gradients are on, as in a plain call, so that a scripted transformer
     * runs operator by operator and not as one that cannot be cut; the device is the CPU. Both ways compute the same.
     */
    private static final Map<String, Object> SURROUNDINGS = Map.ofEntries(
            Map.entry("is_grad_enabled", true),
            Map.entry("is_autocast_enabled", false),
            Map.entry("is_autocast_cpu_enabled", false),
            Map.entry("is_scripting", true),
            Map.entry("prim.is_cuda", false),
            Map.entry("prim.is_cpu", true),
            Map.entry("prim.is_nested", false),
            Map.entry("prim.is_quantized", false),
            Map.entry("prim.is_sparse", false),
            Map.entry("prim.is_sparse_csr", false),
            Map.entry("prim.is_mkldnn", false),
            Map.entry("prim.is_meta", false),
            Map.entry("prim.is_mps", false),
            Map.entry("prim.is_xpu", false),
            Map.entry("prim.is_xla", false),
            Map.entry("prim.is_vulkan", false),
            Map.entry("prim.is_ipu", false),
            // Strided, as all tensors are that are read here.
            Map.entry("prim.layout", 0L));

    private static final Set<String> MESSAGES = Set.of("warn", "prim.Print");

    private final GraphBuilder graph;
    private final Conversion conversion;
    private final Containers containers;
    private final TensorQuestions questions;
    private boolean ran;

    OperatorCalls(GraphBuilder graph) {
        this.graph = graph;
        this.conversion = new Conversion(graph);
        this.containers = new Containers(conversion::constant);
        this.questions = new TensorQuestions(graph, conversion, this::size);
    }

    /** Whether anything was run that a graph cannot say, such as a change of a list. */
    boolean ran() {
        return ran;
    }

    /** {@code wanted}: values that the result goes to, negative when it is taken apart. */
    Symbol call(String name, List<Symbol> given, Map<String, Symbol> named, Scope scope, int line, int wanted) {
        if (name.equals("prim.RaiseException")) {
            throw scope.refused(line, "the model raises an error when it runs this: " + message(given));
        } else if (MESSAGES.contains(name)) {
            return Symbol.NONE;
        } else if (SURROUNDINGS.containsKey(name)) {
            return Symbol.literal(SURROUNDINGS.get(name));
        }
        if (name.equals("list") || name.equals("len")) {
            int parts = given.get(0) instanceof Symbol.Data data ? graph.parts(data.argument()) : -1;
            if (parts > 0 && given.size() == 1) {
                ran = true;
                return name.equals("len") ? Symbol.literal((long) parts) : list(given, scope, line, parts);
            }
        }
        if (named.isEmpty()) {
            Optional<Symbol> inlined = inContainer(name, given, scope, line);
            if (inlined.isPresent()) {
                ran |= !name.equals("__getitem__");
                given.forEach(this::pin);
                return inlined.get();
            }
            Optional<Symbol> answered = questions.answer(name, given, scope, line);
            if (answered.isPresent()) {
                return answered.get();
            }
        }
        List<Argument> arguments = new ArrayList<>();
        given.forEach(symbol -> arguments.add(argument(symbol, scope, line)));
        Map<String, Argument> namedArguments = new LinkedHashMap<>();
        named.forEach((key, symbol) -> namedArguments.put(key, argument(symbol, scope, line)));
        Optional<Object> folded = named.isEmpty() ? fold(name, arguments) : Optional.empty();
        boolean plain = arguments.stream().noneMatch(OperatorCalls::hasRef);
        if (folded.isPresent() && plain && wanted > 0 && !name.equals("prim.NumToTensor")) {
            arguments.forEach(graph::pin);
            return symbol(folded.get());
        }
        if (wanted < 0 && name.equals("size") && arguments.size() == 1) {
            return questions.sizes(arguments.get(0), -wanted, scope, line);
        }
        List<Value> outputs = graph.add(name, arguments, namedArguments, scope, line, wanted);
        if (!outputs.isEmpty()) {
            folded.ifPresent(constant -> graph.learn(outputs.get(0), constant));
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
            return containers.apply(name, given);
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
            graph.pin(data.argument());
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

    private Optional<Object> fold(String name, List<Argument> arguments) {
        List<Object> values = new ArrayList<>();
        for (Argument argument : arguments) {
            Object value = graph.constant(argument);
            if (value == null) {
                return Optional.empty();
            }
            values.add(value);
        }
        return Folding.fold(name, values);
    }

    private static Symbol symbol(Object constant) {
        if (constant instanceof List<?> list) {
            return Symbol.Items.list(
                    new ArrayList<>(list.stream().map(OperatorCalls::symbol).toList()));
        }
        return constant == Folding.NONE ? Symbol.NONE : Symbol.literal(constant);
    }
}
