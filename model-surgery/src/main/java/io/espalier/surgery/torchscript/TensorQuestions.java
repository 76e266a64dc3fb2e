package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What code asks of tensors without looking at what they hold: sizes, types, which one it is. */
final class TensorQuestions {
    /** Adds the operator that gives the size of a dimension. */
    interface Size {
        Symbol of(Symbol tensor, Symbol dim, Scope scope, int line);
    }

    /** What a tensor is asked that does not depend on what it holds. */
    private static final Set<String> DESCRIPTIONS = Set.of(
            "size",
            "dim",
            "len",
            "numel",
            "stride",
            "prim.dtype",
            "prim.device",
            "prim.layout",
            "is_floating_point",
            "is_complex",
            "result_type");

    private final KnownValues known;
    private final Conversion conversion;
    private final Size sizes;
    private final Map<Value, Argument> sizeOf = new HashMap<>();
    private final Map<Value, Value> sameTensor = new HashMap<>();

    TensorQuestions(KnownValues known, Conversion conversion, Size sizes) {
        this.known = known;
        this.conversion = conversion;
        this.sizes = sizes;
    }

    /** Questions about tensors and identities that need no operator. */
    Optional<Symbol> answer(String name, List<Symbol> given, Scope scope, int line) {
        Symbol first = given.isEmpty() ? Symbol.NONE : given.get(0);
        switch (name) {
            case "__is__", "__isnot__" -> {
                Optional<Boolean> same = same(first, given.get(1));
                return same.map(is -> Symbol.literal(is == name.equals("__is__")));
            }
            case "prim.requires_grad" -> {
                return Optional.of(Symbol.literal(first instanceof Symbol.Data data && requiresGrad(data.argument())));
            }
            case "dim" -> {
                TensorFact fact = first instanceof Symbol.Data data ? known.fact(data.argument()) : TensorFact.UNKNOWN;
                return fact.hasRank() ? Optional.of(Symbol.literal((long) fact.rank())) : Optional.empty();
            }
            case "size" -> {
                if (given.size() == 1
                        && first instanceof Symbol.Data data
                        && known.fact(data.argument()).hasRank()) {
                    return Optional.of(
                            sizes(data.argument(), known.fact(data.argument()).rank(), scope, line));
                }
                return Optional.empty();
            }
            case "__getitem__" -> {
                if (first instanceof Symbol.Data data
                        && data.argument() instanceof Argument.Ref ref
                        && sizeOf.containsKey(ref.value())) {
                    Symbol tensor = new Symbol.Data(sizeOf.get(ref.value()));
                    return Optional.of(sizes.of(tensor, given.get(1), scope, line));
                }
                return Optional.empty();
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    /** The sizes of a tensor, one operator each, so that whoever follows the graph sees which is which. */
    Symbol sizes(Argument tensor, int rank, Scope scope, int line) {
        List<Symbol> all = new ArrayList<>();
        for (long d = 0; d < rank; d++) {
            Symbol dim = Symbol.literal(d);
            all.add(sizes.of(new Symbol.Data(tensor), dim, scope, line));
        }
        return Symbol.Items.list(all);
    }

    private static boolean requiresGrad(Argument argument) {
        // A frozen archive does not say; its constants were parameters, or stand for what parameters were.
        return argument instanceof Argument.Stored stored
                && stored.parameter().role() != Parameter.Role.BUFFER
                && Set.of(ElementType.FLOAT16, ElementType.BFLOAT16, ElementType.FLOAT32, ElementType.FLOAT64)
                        .contains(stored.parameter().type());
    }

    private Optional<Boolean> same(Symbol a, Symbol b) {
        Object x = conversion.constant(a);
        Object y = conversion.constant(b);
        if (x == Folding.NONE || y == Folding.NONE) {
            boolean both = x == Folding.NONE && y == Folding.NONE;
            boolean unknown = (x == null && mayBeNone(a)) || (y == null && mayBeNone(b));
            return unknown ? Optional.empty() : Optional.of(both);
        }
        return Optional.of(
                a == b || (a instanceof Symbol.Data p && b instanceof Symbol.Data q && root(p).equals(root(q))));
    }

    private static boolean mayBeNone(Symbol symbol) {
        return symbol instanceof Symbol.Data data
                && data.argument() instanceof Argument.Ref ref
                && ref.value().type() == Value.Type.OTHER;
    }

    private Argument root(Symbol.Data data) {
        return data.argument() instanceof Argument.Ref ref && sameTensor.containsKey(ref.value())
                ? new Argument.Ref(sameTensor.get(ref.value()))
                : data.argument();
    }

    /** Notes what can be told of an operator's result. */
    void note(String name, List<Argument> arguments, Value output) {
        if (DESCRIPTIONS.contains(name)) {
            known.describes(output);
        }
        TensorFact fact = arguments.isEmpty() ? TensorFact.UNKNOWN : known.fact(arguments.get(0));
        switch (name) {
            case "size" -> {
                if (arguments.size() == 1) {
                    sizeOf.put(output, arguments.get(0));
                } else if (known.constant(arguments.get(1)) instanceof Long dim && fact.size(dim) >= 0) {
                    known.learn(output, fact.size(dim));
                }
            }
            case "len" -> {
                if (fact.size(0) >= 0) {
                    known.learn(output, fact.size(0));
                }
            }
            case "numel" -> {
                if (fact.hasRank() && Arrays.stream(fact.sizes()).allMatch(size -> size >= 0)) {
                    known.learn(output, Arrays.stream(fact.sizes()).reduce(1, Math::multiplyExact));
                }
            }
            case "prim.dtype" -> {
                if (fact.type() >= 0) {
                    known.learn(output, (long) fact.type());
                }
            }
            case "is_floating_point" -> {
                if (fact.type() >= 0) {
                    known.learn(output, fact.isFloat());
                }
            }
            case "prim.device" -> {
                known.learn(output, "cpu");
            }
            default -> {
                boolean inPlace = name.endsWith("_") && !name.endsWith("__");
                if (inPlace && !arguments.isEmpty() && arguments.get(0) instanceof Argument.Ref ref) {
                    sameTensor.put(output, sameTensor.getOrDefault(ref.value(), ref.value()));
                }
            }
        }
    }
}
