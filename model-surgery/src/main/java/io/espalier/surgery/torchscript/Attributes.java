package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.torchscript.pickle.PickleNames;
import io.espalier.surgery.torchscript.pickle.Pickled;
import io.espalier.surgery.torchscript.source.Expression;
import io.espalier.surgery.torchscript.source.SourceCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** What the attributes of modules hold, as symbols; a list or dictionary is one and the same at every reading. */
final class Attributes {
    private final SourceCode code;
    private final ParameterTable parameters;
    private final IdentityHashMap<Pickled, Symbol> containers = new IdentityHashMap<>();

    Attributes(SourceCode code, ParameterTable parameters) {
        this.code = code;
        this.parameters = parameters;
    }

    /** Empty when the module has no such attribute in the pickle: it may be a constant of its class. */
    Optional<Symbol> get(ModuleNode module, String name) {
        ModuleNode child = module.modules().get(name);
        if (child != null) {
            return Optional.of(new Symbol.Module(child));
        }
        Pickled value = module.attributes().get(name);
        return value == null
                ? Optional.empty()
                : Optional.of(symbol(value).orElseGet(() -> verbatim(Printed.attribute(module.path(), name))));
    }

    Optional<Expression> constant(ModuleNode module, String name) {
        return Optional.ofNullable(code.type(module.type()).constants().get(name));
    }

    /** {@code CONSTANTS.cN}, if there is one: a tensor, or a text that PyTorch's printer could not write in the code. */
    Optional<Symbol> ofArchive(String name) {
        if (!name.matches("c[0-9]{1,6}")) {
            return Optional.empty();
        }
        int index = Integer.parseInt(name.substring(1));
        Optional<Symbol> tensor = Optional.ofNullable(parameters.constant(index))
                .map(parameter -> new Symbol.Data(new Argument.Stored(parameter)));
        return tensor.isPresent() ? tensor : parameters.constantNode(index).flatMap(this::symbol);
    }

    private static Symbol verbatim(String text) {
        return new Symbol.Data(new Argument.Verbatim(text));
    }

    private Optional<Symbol> symbol(Pickled value) {
        if (parameters.ofNode(value) != null) {
            return Optional.of(new Symbol.Data(new Argument.Stored(parameters.ofNode(value))));
        } else if (value instanceof Pickled.Scalar scalar) {
            return Optional.of(new Symbol.Data(new Argument.Literal(scalar.value(), -1)));
        }
        Symbol known = containers.get(value);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Symbol> read = container(value);
        read.ifPresent(symbol -> containers.put(value, symbol));
        return read;
    }

    private Optional<Symbol> container(Pickled value) {
        if (value instanceof Pickled.Tuple tuple) {
            return items(tuple.items()).map(Symbol.Items::tuple);
        } else if (value instanceof Pickled.Sequence sequence) {
            return items(sequence.items()).map(Symbol.Items::list);
        } else if (value instanceof Pickled.Dictionary dictionary) {
            return table(dictionary.keysAndValues());
        } else if (value instanceof Pickled.Call call) {
            return ofCall(call);
        }
        return Optional.empty();
    }

    private Optional<Symbol> ofCall(Pickled.Call call) {
        List<Pickled> arguments = call.arguments().items();
        String function = call.function().qualified();
        if (function.equals(PickleNames.TYPE_TAG)
                && arguments.size() == 2
                && arguments.get(1) instanceof Pickled.Scalar scalar
                && scalar.value().orElse(null) instanceof String type) {
            return symbol(arguments.get(0)).map(symbol -> typed(symbol, type));
        } else if (function.matches("torch\\.jit\\._pickle\\.build_(int|double|bool|tensor)list")
                && arguments.size() == 1) {
            return symbol(arguments.get(0));
        }
        return Optional.empty();
    }

    private static Symbol typed(Symbol symbol, String type) {
        if (symbol instanceof Symbol.Items items && items.items().isEmpty()) {
            return new Symbol.Items(items.items(), items.tuple(), type, List.of());
        }
        return symbol instanceof Symbol.Table table ? new Symbol.Table(table.entries(), type) : symbol;
    }

    private Optional<List<Symbol>> items(List<Pickled> nodes) {
        List<Symbol> items = new ArrayList<>();
        for (Pickled node : nodes) {
            Optional<Symbol> item = symbol(node);
            if (item.isEmpty()) {
                return Optional.empty();
            }
            items.add(item.get());
        }
        // What the model keeps from call to call must not change.
        return Optional.of(Collections.unmodifiableList(items));
    }

    private Optional<Symbol> table(List<Pickled> keysAndValues) {
        LinkedHashMap<Object, Symbol> entries = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.size(); i += 2) {
            Optional<Symbol> value = symbol(keysAndValues.get(i + 1));
            if (value.isEmpty()
                    || !(keysAndValues.get(i) instanceof Pickled.Scalar key)
                    || key.value().isEmpty()) {
                return Optional.empty();
            }
            entries.put(key.value().get(), value.get());
        }
        return Optional.of(new Symbol.Table(Collections.unmodifiableMap(entries), ""));
    }
}
