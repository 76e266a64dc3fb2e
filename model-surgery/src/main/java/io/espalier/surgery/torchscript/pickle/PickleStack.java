package io.espalier.surgery.torchscript.pickle;

import io.espalier.surgery.ModelFormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a pickle has built so far: its stack, the marks in it, and what was stored for later. */
final class PickleStack {
    private final String entry;
    private final ArrayList<Pickled> stack = new ArrayList<>();
    private final ArrayDeque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Pickled> memo = new HashMap<>();

    /** {@code entry} names the pickle in errors. */
    PickleStack(String entry) {
        this.entry = entry;
    }

    void push(Pickled node) {
        stack.add(node);
    }

    Pickled top() {
        return stack.get(stack.size() - 1);
    }

    Pickled pop() {
        return last(1).get(0);
    }

    /** Takes away the topmost ones, in the order in which they came. */
    List<Pickled> last(int count) {
        return drain(stack.size() - count);
    }

    void mark() {
        marks.push(stack.size());
    }

    /** Takes away all that came since the last mark, and the mark. */
    List<Pickled> sinceMark() {
        if (marks.isEmpty()) {
            throw refused("no mark where one is needed");
        }
        return drain(marks.pop());
    }

    private List<Pickled> drain(int from) {
        List<Pickled> tail = stack.subList(from, stack.size());
        List<Pickled> items = List.copyOf(tail);
        tail.clear();
        return items;
    }

    void store(int key) {
        memo.put(key, top());
    }

    /** Pushes what was stored. */
    void recall(int key) {
        Pickled node = memo.get(key);
        if (node == null) {
            throw refused("memo " + key + ", which was never stored");
        }
        stack.add(node);
    }

    private ModelFormatException refused(String what) {
        return new ModelFormatException(entry + ": " + what);
    }
}
