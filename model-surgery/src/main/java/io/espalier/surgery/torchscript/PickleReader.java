package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Parses the opcodes of pickle protocol 2 that TorchScript's serialiser writes (torch/csrc/jit/serialization/pickler.cpp)
 * into inert data. Nothing is imported or called; any name other than those of tensors, storages and the archive's own
 * classes is refused.
 */
final class PickleReader {
    private static final int SIZE_LIMIT = 16 << 20;
    private static final int OPCODE_LIMIT = 1_000_000;
    private static final int DEPTH_LIMIT = 300;

    private final String entry;
    private final ByteBuffer in;
    private final ArrayList<Pickled> stack = new ArrayList<>();
    private final ArrayDeque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Pickled> memo = new HashMap<>();

    private PickleReader(String entry, ByteBuffer in) {
        this.entry = entry;
        this.in = in;
    }

    /** The pickle's one value; throws ModelFormatException naming the entry. */
    static Pickled read(String entry, ByteBuffer content) {
        if (content.remaining() > SIZE_LIMIT) {
            throw new ModelFormatException(
                    entry + ": has " + content.remaining() + " bytes, a pickle may have " + SIZE_LIMIT);
        }
        PickleReader reader = new PickleReader(entry, content.duplicate().order(ByteOrder.LITTLE_ENDIAN));
        try {
            Pickled value = reader.run();
            reader.height(value, 0, new IdentityHashMap<>(), Collections.newSetFromMap(new IdentityHashMap<>()));
            return value;
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new ModelFormatException(entry + ": the pickle is cut short or damaged", e);
        }
    }

    private Pickled run() {
        for (int count = 0; count < OPCODE_LIMIT; count++) {
            int opcode = in.get() & 0xff;
            if (opcode == '.') {
                return pop();
            }
            step(opcode);
        }
        throw refused("more than " + OPCODE_LIMIT + " opcodes");
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(in.get());
            case '(' -> marks.push(stack.size());
            case 'N' -> scalar(null);
            case 0x88 -> scalar(true);
            case 0x89 -> scalar(false);
            case 'K' -> scalar((long) (in.get() & 0xff));
            case 'M' -> scalar((long) (in.getShort() & 0xffff));
            case 'J' -> scalar((long) in.getInt());
            case 0x8a -> scalar(longInteger());
            case 'G' -> scalar(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
            case 'X' -> scalar(text(in.getInt()));
            case 'c' -> stack.add(global(line(), line()));
            case ')' -> stack.add(new Pickled.Tuple(List.of()));
            case 't' -> stack.add(new Pickled.Tuple(List.copyOf(sinceMark())));
            case 0x85 -> stack.add(new Pickled.Tuple(last(1)));
            case 0x86 -> stack.add(new Pickled.Tuple(last(2)));
            case 0x87 -> stack.add(new Pickled.Tuple(last(3)));
            case ']' -> stack.add(new Pickled.Sequence(new ArrayList<>()));
            case '}' -> stack.add(new Pickled.Dictionary(new ArrayList<>()));
            case 'a' -> append(last(1));
            case 'e' -> append(sinceMark());
            case 's' -> put(last(2));
            case 'u' -> put(sinceMark());
            case 'q' -> memo.put(in.get() & 0xff, top());
            case 'r' -> memo.put(in.getInt(), top());
            case 'h' -> recall(in.get() & 0xff);
            case 'j' -> recall(in.getInt());
            case 'Q' -> stack.add(new Pickled.Persistent(pop()));
            case 'R' -> reduce();
            case 0x81 -> newObject();
            case 'b' -> build();
            default -> throw refused(String.format("opcode 0x%02x, which TorchScript does not write", opcode));
        }
    }

    private void protocol(int version) {
        if (version != 2) {
            throw refused("pickle protocol " + version + ", TorchScript writes 2");
        }
    }

    private void scalar(Object value) {
        stack.add(new Pickled.Scalar(Optional.ofNullable(value)));
    }

    private long longInteger() {
        int size = in.get() & 0xff;
        if (size > 8) {
            throw refused("an integer of " + size + " bytes");
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (in.get() & 0xffL) << (8 * i);
        }
        return size == 0 || size == 8 ? value : value << (64 - 8 * size) >> (64 - 8 * size);
    }

    private String text(int size) {
        if (size < 0 || size > in.remaining()) {
            throw refused("a string of " + size + " bytes, which reaches past its end");
        }
        byte[] bytes = new byte[size];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() {
        int end = in.position();
        while (in.get(end) != '\n') {
            end++;
        }
        String line = text(end - in.position());
        in.get();
        return line;
    }

    private Pickled.Global global(String module, String name) {
        if (!PickleNames.isClass(module) && !PickleNames.isKnown(module, name)) {
            throw refused("names " + (module + "." + name).replaceAll("\\p{Cntrl}", "?")
                    + "; only tensors and the archive's own __torch__ classes may be named");
        }
        return new Pickled.Global(module, name);
    }

    private void reduce() {
        List<Pickled> both = last(2);
        if (!(both.get(0) instanceof Pickled.Global function)
                || !(both.get(1) instanceof Pickled.Tuple arguments)
                || PickleNames.isClass(function.module())) {
            throw refused("a call of something that is no known function");
        }
        stack.add(new Pickled.Call(function, arguments));
    }

    private void newObject() {
        List<Pickled> both = last(2);
        if (!(both.get(0) instanceof Pickled.Global type)
                || !PickleNames.isClass(type.module())
                || !(both.get(1) instanceof Pickled.Tuple arguments)
                || !arguments.items().isEmpty()) {
            throw refused("an object that is of no class of the archive");
        }
        stack.add(new Pickled.Instance(type));
    }

    private void build() {
        Pickled state = pop();
        if (!(top() instanceof Pickled.Instance instance) || instance.state().isPresent()) {
            throw refused("a state for something that is no object");
        }
        instance.build(state);
    }

    private void append(List<Pickled> items) {
        if (!(top() instanceof Pickled.Sequence sequence)) {
            throw refused("an append to something that is no list");
        }
        sequence.items().addAll(items);
    }

    private void put(List<Pickled> items) {
        if (!(top() instanceof Pickled.Dictionary dictionary) || items.size() % 2 != 0) {
            throw refused("an item for something that is no dictionary");
        }
        dictionary.keysAndValues().addAll(items);
    }

    private void recall(int key) {
        Pickled node = memo.get(key);
        if (node == null) {
            throw refused("memo " + key + ", which was never stored");
        }
        stack.add(node);
    }

    private Pickled top() {
        return stack.get(stack.size() - 1);
    }

    private Pickled pop() {
        return last(1).get(0);
    }

    private List<Pickled> last(int count) {
        return drain(stack.size() - count);
    }

    private List<Pickled> sinceMark() {
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

    /**
     * The levels below a node, itself included; refuses more than the limit on any way down, and circles. A shared node is
     * walked once, but counts wherever it is met: whoever walks the tree in another order must not fall deeper.
     */
    private int height(Pickled node, int depth, IdentityHashMap<Pickled, Integer> known, Set<Pickled> open) {
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
                height = Math.max(height, 1 + height(child, depth + 1, known, open));
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
