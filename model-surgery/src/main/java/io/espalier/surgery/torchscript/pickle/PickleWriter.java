package io.espalier.surgery.torchscript.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Writes inert pickle data as protocol 2 in the opcodes that TorchScript's reader knows. A node met more than once is
 * written once and recalled, so what was shared stays shared.
 */
public final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final UnaryOperator<Pickled> replacement;
    private final IdentityHashMap<Pickled, Pickled> replaced = new IdentityHashMap<>();
    private final IdentityHashMap<Pickled, Integer> uses = new IdentityHashMap<>();
    private final IdentityHashMap<Pickled, Integer> memo = new IdentityHashMap<>();

    private PickleWriter(UnaryOperator<Pickled> replacement) {
        this.replacement = replacement;
    }

    public static byte[] write(Pickled root) {
        return write(root, UnaryOperator.identity());
    }

    /** Writes with each node passed through {@code replacement} first, once per node, parents before children. */
    public static byte[] write(Pickled root, UnaryOperator<Pickled> replacement) {
        PickleWriter writer = new PickleWriter(replacement);
        writer.count(root);
        writer.out.write(0x80);
        writer.out.write(2);
        writer.node(root);
        writer.out.write('.');
        return writer.out.toByteArray();
    }

    private Pickled current(Pickled node) {
        return replaced.computeIfAbsent(node, replacement);
    }

    private void count(Pickled original) {
        Pickled node = current(original);
        if (uses.merge(node, 1, Integer::sum) == 1) {
            Pickled.children(node).forEach(this::count);
        }
    }

    private void node(Pickled original) {
        Pickled node = current(original);
        Integer known = memo.get(node);
        if (known != null) {
            reference('h', 'j', known);
            return;
        }
        content(node);
        if (uses.get(node) > 1 && !(node instanceof Pickled.Scalar scalar && !isText(scalar))) {
            memo.put(node, memo.size());
            reference('q', 'r', memo.get(node));
        }
    }

    private static boolean isText(Pickled.Scalar scalar) {
        return scalar.value().filter(String.class::isInstance).isPresent();
    }

    private void content(Pickled node) {
        if (node instanceof Pickled.Scalar scalar) {
            scalar(scalar.value().orElse(null));
        } else if (node instanceof Pickled.Global global) {
            out.write('c');
            bytes((global.module() + "\n" + global.name() + "\n").getBytes(StandardCharsets.UTF_8));
        } else if (node instanceof Pickled.Tuple tuple) {
            tuple(tuple.items());
        } else if (node instanceof Pickled.Sequence sequence) {
            out.write(']');
            items(sequence.items(), 'e');
        } else if (node instanceof Pickled.Dictionary dictionary) {
            out.write('}');
            items(dictionary.keysAndValues(), 'u');
        } else if (node instanceof Pickled.Persistent persistent) {
            node(persistent.id());
            out.write('Q');
        } else if (node instanceof Pickled.Call call) {
            node(call.function());
            node(call.arguments());
            out.write('R');
        } else if (node instanceof Pickled.Instance instance) {
            instance(instance);
        }
    }

    private void instance(Pickled.Instance instance) {
        node(instance.type());
        out.write(')');
        out.write(0x81);
        instance.state().ifPresent(state -> {
            node(state);
            out.write('b');
        });
    }

    private void tuple(List<Pickled> items) {
        if (items.isEmpty()) {
            out.write(')');
            return;
        }
        out.write('(');
        items.forEach(this::node);
        out.write('t');
    }

    private void items(List<Pickled> items, char opcode) {
        out.write('(');
        items.forEach(this::node);
        out.write(opcode);
    }

    private void scalar(Object value) {
        if (value == null) {
            out.write('N');
        } else if (value instanceof Boolean truth) {
            out.write(truth ? 0x88 : 0x89);
        } else if (value instanceof Double number) {
            out.write('G');
            bytes(ByteBuffer.allocate(8).putDouble(number).array());
        } else if (value instanceof Long number) {
            integer(number);
        } else if (value instanceof String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            out.write('X');
            bytes(little(4).putInt(encoded.length).array());
            bytes(encoded);
        }
    }

    private void integer(long number) {
        if (number >= 0 && number < 256) {
            out.write('K');
            out.write((int) number);
        } else if (number >= 0 && number < 65_536) {
            out.write('M');
            bytes(little(2).putShort((short) number).array());
        } else if (number == (int) number) {
            out.write('J');
            bytes(little(4).putInt((int) number).array());
        } else {
            out.write(0x8a);
            out.write(8);
            bytes(little(8).putLong(number).array());
        }
    }

    private void reference(char small, char large, int key) {
        if (key < 256) {
            out.write(small);
            out.write(key);
        } else {
            out.write(large);
            bytes(little(4).putInt(key).array());
        }
    }

    private void bytes(byte[] content) {
        out.write(content, 0, content.length);
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
