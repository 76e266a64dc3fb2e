package io.espalier.surgery.torchscript.pickle;

import io.espalier.surgery.ModelFormatException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parses the opcodes of pickle protocol 2 that TorchScript's serialiser writes (torch/csrc/jit/serialization/pickler.cpp)
 * into inert data. Nothing is imported or called; any name other than those of tensors, storages and the archive's own
 * classes is refused.
 */
public final class PickleReader {
    private static final int SIZE_LIMIT = 16 << 20;
    private static final int OPCODE_LIMIT = 1_000_000;

    private final String entry;
    private final PickleOperands in;
    private final PickleStack stack;

    private PickleReader(String entry, ByteBuffer content) {
        this.entry = entry;
        this.in = new PickleOperands(entry, content);
        this.stack = new PickleStack(entry);
    }

    /** The pickle's one value; throws ModelFormatException naming the entry. */
    public static Pickled read(String entry, ByteBuffer content) {
        if (content.remaining() > SIZE_LIMIT) {
            throw new ModelFormatException(
                    entry + ": has " + content.remaining() + " bytes, a pickle may have " + SIZE_LIMIT);
        }
        try {
            Pickled value = new PickleReader(entry, content).run();
            PickleNesting.check(entry, value);
            return value;
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new ModelFormatException(entry + ": the pickle is cut short or damaged", e);
        }
    }

    private Pickled run() {
        for (int count = 0; count < OPCODE_LIMIT; count++) {
            int opcode = in.unsignedByte();
            if (opcode == '.') {
                return stack.pop();
            }
            step(opcode);
        }
        throw refused("more than " + OPCODE_LIMIT + " opcodes");
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(in.unsignedByte());
            case '(' -> stack.mark();
            case 'N' -> scalar(null);
            case 0x88 -> scalar(true);
            case 0x89 -> scalar(false);
            case 'K' -> scalar((long) in.unsignedByte());
            case 'M' -> scalar((long) in.unsignedShort());
            case 'J' -> scalar((long) in.integer());
            case 0x8a -> scalar(in.longInteger());
            case 'G' -> scalar(in.real());
            case 'X' -> scalar(in.text(in.integer()));
            case 'c' -> stack.push(global(in.line(), in.line()));
            case ')' -> stack.push(new Pickled.Tuple(List.of()));
            case 't' -> stack.push(new Pickled.Tuple(stack.sinceMark()));
            case 0x85 -> stack.push(new Pickled.Tuple(stack.last(1)));
            case 0x86 -> stack.push(new Pickled.Tuple(stack.last(2)));
            case 0x87 -> stack.push(new Pickled.Tuple(stack.last(3)));
            case ']' -> stack.push(new Pickled.Sequence(new ArrayList<>()));
            case '}' -> stack.push(new Pickled.Dictionary(new ArrayList<>()));
            case 'a' -> append(stack.last(1));
            case 'e' -> append(stack.sinceMark());
            case 's' -> put(stack.last(2));
            case 'u' -> put(stack.sinceMark());
            case 'q' -> stack.store(in.unsignedByte());
            case 'r' -> stack.store(in.integer());
            case 'h' -> stack.recall(in.unsignedByte());
            case 'j' -> stack.recall(in.integer());
            case 'Q' -> stack.push(new Pickled.Persistent(stack.pop()));
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
        stack.push(new Pickled.Scalar(Optional.ofNullable(value)));
    }

    private Pickled.Global global(String module, String name) {
        if (!PickleNames.isClass(module) && !PickleNames.isKnown(module, name)) {
            throw refused("names " + (module + "." + name).replaceAll("\\p{Cntrl}", "?")
                    + "; only tensors and the archive's own __torch__ classes may be named");
        }
        return new Pickled.Global(module, name);
    }

    private void reduce() {
        List<Pickled> both = stack.last(2);
        if (!(both.get(0) instanceof Pickled.Global function)
                || !(both.get(1) instanceof Pickled.Tuple arguments)
                || PickleNames.isClass(function.module())) {
            throw refused("a call of something that is no known function");
        }
        stack.push(new Pickled.Call(function, arguments));
    }

    private void newObject() {
        List<Pickled> both = stack.last(2);
        if (!(both.get(0) instanceof Pickled.Global type)
                || !PickleNames.isClass(type.module())
                || !(both.get(1) instanceof Pickled.Tuple arguments)
                || !arguments.items().isEmpty()) {
            throw refused("an object that is of no class of the archive");
        }
        stack.push(new Pickled.Instance(type));
    }

    private void build() {
        Pickled state = stack.pop();
        if (!(stack.top() instanceof Pickled.Instance instance)
                || instance.state().isPresent()) {
            throw refused("a state for something that is no object");
        }
        instance.build(state);
    }

    private void append(List<Pickled> items) {
        if (!(stack.top() instanceof Pickled.Sequence sequence)) {
            throw refused("an append to something that is no list");
        }
        sequence.items().addAll(items);
    }

    private void put(List<Pickled> items) {
        if (!(stack.top() instanceof Pickled.Dictionary dictionary) || items.size() % 2 != 0) {
            throw refused("an item for something that is no dictionary");
        }
        dictionary.keysAndValues().addAll(items);
    }

    private ModelFormatException refused(String what) {
        return new ModelFormatException(entry + ": " + what);
    }
}
