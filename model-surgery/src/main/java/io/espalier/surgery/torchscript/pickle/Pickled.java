package io.espalier.surgery.torchscript.pickle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a pickle says, as inert data: a class is its name, a call is its name and arguments. The same node met twice is
 * shared in the pickle; nodes are therefore told apart by identity, never by equals.
 */
public sealed interface Pickled {
    /** None (empty), a Boolean, a Long, a Double or a String. */
    record Scalar(Optional<Object> value) implements Pickled {}

    record Global(String module, String name) implements Pickled {
        public String qualified() {
            return module + "." + name;
        }
    }

    record Tuple(List<Pickled> items) implements Pickled {}

    record Sequence(ArrayList<Pickled> items) implements Pickled {}

    /** Keys at the even places, values at the odd ones. */
    record Dictionary(ArrayList<Pickled> keysAndValues) implements Pickled {}

    /** REDUCE: what the named function would be called with. */
    record Call(Global function, Tuple arguments) implements Pickled {}

    /** A persistent id: a reference to a storage. */
    record Persistent(Pickled id) implements Pickled {}

    /** NEWOBJ and BUILD: an object of a class of the archive's own code; mutable, since BUILD comes after. */
    final class Instance implements Pickled {
        private final Global type;
        private Pickled state;

        public Instance(Global type) {
            this.type = type;
        }

        public Global type() {
            return type;
        }

        public Optional<Pickled> state() {
            return Optional.ofNullable(state);
        }

        public void build(Pickled newState) {
            state = newState;
        }
    }

    static List<Pickled> children(Pickled node) {
        if (node instanceof Tuple tuple) {
            return tuple.items();
        } else if (node instanceof Sequence sequence) {
            return sequence.items();
        } else if (node instanceof Dictionary dictionary) {
            return dictionary.keysAndValues();
        } else if (node instanceof Call call) {
            return List.of(call.function(), call.arguments());
        } else if (node instanceof Persistent persistent) {
            return List.of(persistent.id());
        } else if (node instanceof Instance instance) {
            return instance.state()
                    .map(state -> List.of(instance.type(), state))
                    .orElse(List.of(instance.type()));
        }
        return List.of();
    }
}
