package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.pickle.Pickled;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A module of the pickled tree, with its attributes in order. A module met twice is one node with its first path.
 *
 * @param path attribute names from the top, outermost first
 * @param name the path with dots, empty for the top
 */
record ModuleNode(
        List<String> path, String name, String type, Map<String, ModuleNode> modules, Map<String, Pickled> attributes) {
    private static final int PATH_LIMIT = 100;
    private static final int NAME_LIMIT = 1000;

    static ModuleNode of(PickledFile data) {
        return of(data.root(), List.of(), data.entry().name(), new IdentityHashMap<>());
    }

    private static ModuleNode of(
            Pickled root, List<String> path, String entry, IdentityHashMap<Pickled, ModuleNode> known) {
        if (!(root instanceof Pickled.Instance instance)) {
            throw new ModelFormatException(entry + ": does not hold a module");
        }
        ModuleNode node = new ModuleNode(
                path,
                String.join(".", path),
                instance.type().qualified(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
        known.put(root, node);
        if (!(instance.state().orElse(null) instanceof Pickled.Dictionary state)) {
            return node;
        }
        List<Pickled> items = state.keysAndValues();
        for (int i = 0; i < items.size(); i += 2) {
            if (!(items.get(i) instanceof Pickled.Scalar key) || !(key.value().orElse(null) instanceof String name)) {
                throw new ModelFormatException(entry + ": an attribute of " + node.name() + " has no name");
            }
            if (!name.matches("[^\"\\\\\\p{Cntrl}]{1,200}")) {
                throw new ModelFormatException(entry + ": an attribute of '" + node.name() + "' has no printable name");
            }
            Pickled value = items.get(i + 1);
            if (value instanceof Pickled.Instance) {
                ModuleNode child = known.get(value);
                node.modules.put(name, child == null ? of(value, extended(path, name, entry), entry, known) : child);
            } else {
                node.attributes.put(name, value);
            }
        }
        return node;
    }

    private static List<String> extended(List<String> path, String name, String entry) {
        if (path.size() >= PATH_LIMIT) {
            throw new ModelFormatException(entry + ": modules nest deeper than " + PATH_LIMIT);
        }
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        if (longer.stream().mapToInt(String::length).sum() > NAME_LIMIT) {
            throw new ModelFormatException(entry + ": a module has a path of more than " + NAME_LIMIT + " characters");
        }
        return List.copyOf(longer);
    }

    /** The name of an attribute from the top, with dots. */
    String name(String attribute) {
        return path.isEmpty() ? attribute : name() + "." + attribute;
    }
}
