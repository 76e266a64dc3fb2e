package io.espalier.surgery.torchscript.pickle;

import io.espalier.surgery.ModelFormatException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Refuses pickles that nest so deep, or in circles, that nobody could walk them by recursion. */
final class PickleNesting {
    private static final int DEPTH_LIMIT = 300;

    private final String entry;
    private final IdentityHashMap<Pickled, Integer> known = new IdentityHashMap<>();
    private final Set<Pickled> open = Collections.newSetFromMap(new IdentityHashMap<>());

    private PickleNesting(String entry) {
        this.entry = entry;
    }

    /** Throws ModelFormatException naming the entry. */
    static void check(String entry, Pickled root) {
        new PickleNesting(entry).height(root, 0);
    }

    /**
     * The levels below a node, itself included; refuses more than the limit on any way down, and circles. A shared node is
     * walked once, but counts wherever it is met: whoever walks the tree in another order must not fall deeper.
     */
    private int height(Pickled node, int depth) {
        if (node instanceof Pickled.Scalar) {
            return 0;
        }
        if (open.contains(node)) {
            throw refused("an object that contains itself");
        }
        Integer height = known.get(node);
        if (depth + (height == null ? 1 : height) > DEPTH_LIMIT) {
            throw refused("nests deeper than " + DEPTH_LIMIT);
        }
        if (height == null) {
            open.add(node);
            height = 1;
            for (Pickled child : Pickled.children(node)) {
                height = Math.max(height, 1 + height(child, depth + 1));
            }
            open.remove(node);
            known.put(node, height);
        }
        return height;
    }

    private ModelFormatException refused(String what) {
        return new ModelFormatException(entry + ": " + what);
    }
}
