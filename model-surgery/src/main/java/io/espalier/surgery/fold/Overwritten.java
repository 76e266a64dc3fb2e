package io.espalier.surgery.fold;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Values that are read after an operator wrote into their memory, by another name of it: what defined them no longer tells
 * what they hold.
 */
final class Overwritten {
    private static final Set<String> ALIASING = Set.copyOf(Calls.words("""
            view reshape _unsafe_view _reshape_alias flatten unflatten unsqueeze squeeze permute transpose t numpy_T mT
            adjoint swapaxes swapdims expand broadcast_to expand_as slice narrow select unbind chunk unsafe_chunk split
            unsafe_split split_with_sizes prim.unpack __getitem__ contiguous to type_as alias lift_fresh
            view_as_real_copy cpu float half double detach dropout feature_dropout alpha_dropout feature_alpha_dropout
            """));

    private final Map<Object, Object> parents = new HashMap<>();
    private final Map<Object, List<Integer>> writes = new HashMap<>();
    private final Map<Object, Integer> definedAt = new HashMap<>();
    private final Set<Object> stale = new HashSet<>();

    Overwritten(Graph graph) {
        graph.operators().forEach(this::join);
        for (Operator operator : graph.operators()) {
            operator.outputs().forEach(output -> definedAt.put(output, operator.index()));
            if (Calls.isInPlace(operator)) {
                name(operator.argument(0))
                        .ifPresent(name -> writes.computeIfAbsent(find(name), n -> new ArrayList<>())
                                .add(operator.index()));
            }
        }
        graph.operators()
                .forEach(operator -> Calls.all(operator)
                        .forEach(argument -> name(argument)
                                .filter(name -> isLate(name, operator))
                                .ifPresent(stale::add)));
    }

    /** An alias need not be one in every run; taken for one, it costs a fold at worst. */
    private void join(Operator operator) {
        if (Calls.isInPlace(operator) || ALIASING.contains(operator.name())) {
            name(operator.argument(0))
                    .ifPresent(first -> operator.outputs().forEach(output -> parents.put(find(output), find(first))));
        }
    }

    private boolean isLate(Object name, Operator reader) {
        int defined = definedAt.getOrDefault(name, -1);
        return writes.getOrDefault(find(name), List.of()).stream()
                .anyMatch(write -> defined < write && write < reader.index());
    }

    private static Optional<Object> name(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            return Optional.of(ref.value());
        }
        return Calls.stored(argument).map(parameter -> parameter);
    }

    private Object find(Object name) {
        Object root = name;
        while (parents.containsKey(root)) {
            root = parents.get(root);
        }
        return root;
    }

    boolean contains(Value value) {
        return stale.contains(value);
    }

    /** Whether running the model changes a stored tensor. */
    boolean contains(Parameter parameter) {
        return writes.containsKey(find(parameter));
    }
}
