package io.espalier.surgery.graph;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Values and stored tensors that may be the same memory by several names. An alias need not be one in every run; taken for
 * one, it makes whoever asks more careful.
 */
public final class Aliases {
    private static final Set<String> ALIASING = Set.of("""
            view reshape _unsafe_view _reshape_alias flatten unflatten unsqueeze squeeze permute transpose t numpy_T mT
            adjoint swapaxes swapdims expand broadcast_to expand_as slice narrow select unbind chunk unsafe_chunk split
            unsafe_split split_with_sizes prim.unpack __getitem__ contiguous to type_as alias lift_fresh
            view_as_real_copy cpu float half double detach dropout feature_dropout alpha_dropout feature_alpha_dropout
            """.strip().split("\\s+"));

    private final Map<Object, Object> parents = new HashMap<>();

    public Aliases(Graph graph) {
        graph.operators().forEach(this::join);
    }

    private void join(Operator operator) {
        if (operator.isInPlace() || ALIASING.contains(operator.name())) {
            memory(operator.argument(0))
                    .ifPresent(first -> operator.outputs().forEach(output -> parents.put(memory(output), first)));
        }
    }

    /** Stands for all that may share memory with an argument; empty when it is neither computed nor stored. */
    public Optional<Object> memory(Argument argument) {
        if (argument instanceof Argument.Ref ref) {
            return Optional.of(memory(ref.value()));
        }
        return Arguments.stored(argument).map(this::find);
    }

    /** Stands for all that may share memory with a value. */
    public Object memory(Value value) {
        return find(value);
    }

    /** Stands for all that may share memory with a stored tensor. */
    public Object memory(Parameter parameter) {
        return find(parameter);
    }

    private Object find(Object name) {
        Object root = name;
        while (parents.containsKey(root)) {
            root = parents.get(root);
        }
        return root;
    }
}
