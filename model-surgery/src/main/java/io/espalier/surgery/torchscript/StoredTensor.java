package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.torchscript.pickle.PickleNames;
import io.espalier.surgery.torchscript.pickle.Pickled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A tensor as a pickle describes it: a strided view of one storage entry.
 *
 * @param entry full name of the storage's zip entry
 * @param key the storage's name in the pickle
 * @param count elements of the storage
 * @param offset of the first element, in elements
 */
record StoredTensor(
        Pickled.Call node,
        String entry,
        String key,
        ElementType type,
        long count,
        long offset,
        List<Long> shape,
        List<Long> strides) {
    private static final int RANK_LIMIT = 16;
    private static final long REPEAT_LIMIT = 1 << 20;

    /** Throws ModelFormatException, naming the pickle and the storage, when the view leaves its storage. */
    static StoredTensor of(String pickle, String folder, Pickled.Call node) {
        List<Pickled> arguments = node.arguments().items();
        if (arguments.size() < 4
                || !(arguments.get(0) instanceof Pickled.Persistent persistent)
                || !(persistent.id() instanceof Pickled.Tuple id)
                || id.items().size() < 5
                || !(id.items().get(1) instanceof Pickled.Global storageType)) {
            throw new ModelFormatException(pickle + ": a tensor without a storage");
        }
        ElementType type = PickleNames.storage(storageType)
                .orElseThrow(() -> new ModelFormatException(pickle + ": a tensor over " + storageType.qualified()));
        String key = text(pickle, id.items().get(2));
        long count = integer(pickle, id.items().get(4));
        StoredTensor tensor = new StoredTensor(
                node,
                folder + key,
                key,
                type,
                count,
                integer(pickle, arguments.get(1)),
                integers(pickle, arguments.get(2)),
                integers(pickle, arguments.get(3)));
        tensor.check(pickle);
        return tensor;
    }

    private void check(String pickle) {
        if (shape.size() != strides.size() || shape.size() > RANK_LIMIT) {
            throw new ModelFormatException(pickle + ": tensor over storage " + key + " has " + shape.size()
                    + " sizes and " + strides.size() + " strides");
        }
        try {
            long last = offset;
            boolean empty = false;
            for (int i = 0; i < shape.size(); i++) {
                if (shape.get(i) < 0 || strides.get(i) < 0) {
                    throw new ModelFormatException(
                            pickle + ": tensor over storage " + key + " has a size or stride below zero");
                }
                empty |= shape.get(i) == 0;
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape.get(i) - 1), strides.get(i)));
            }
            // Strides of zero and empty tensors need no memory to be of any size; what reads them does.
            if (extent() > Math.max(count, REPEAT_LIMIT)) {
                throw new ModelFormatException(
                        pickle + ": tensor of shape " + shape + " over storage " + key + " of " + count + " elements");
            }
            if (offset < 0 || count < 0 || (!empty && last >= count)) {
                throw new ModelFormatException(pickle + ": tensor of shape " + shape + " reaches past its storage "
                        + key + " of " + count + " elements");
            }
            Math.multiplyExact(count, (long) type.bytes());
        } catch (ArithmeticException e) {
            throw new ModelFormatException(pickle + ": tensor over storage " + key + " is too large to exist", e);
        }
    }

    long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** Its elements, or the largest of its sizes where that is more: what it costs to follow it. */
    long extent() {
        return Math.max(
                elements(), shape.stream().mapToLong(Long::longValue).max().orElse(1));
    }

    /** Equal for two tensors that are the same elements in the same order. */
    Object view() {
        return List.of(entry, type, offset, shape, strides);
    }

    /** The tensor's node as a whole, contiguous view of a storage of its own. */
    Pickled.Call replaced(String newKey, long[] newShape) {
        List<Pickled> arguments = new ArrayList<>(node.arguments().items());
        Pickled.Tuple id = (Pickled.Tuple) ((Pickled.Persistent) arguments.get(0)).id();
        List<Pickled> newId = new ArrayList<>(id.items());
        long[] newStrides = contiguousStrides(newShape);
        long elements = Arrays.stream(newShape).reduce(1, Math::multiplyExact);
        newId.set(2, scalar(newKey));
        newId.set(4, scalar(elements));
        arguments.set(0, new Pickled.Persistent(new Pickled.Tuple(List.copyOf(newId))));
        arguments.set(1, scalar(0L));
        arguments.set(2, tuple(newShape));
        arguments.set(3, tuple(newStrides));
        return new Pickled.Call(node.function(), new Pickled.Tuple(List.copyOf(arguments)));
    }

    static long[] contiguousStrides(long[] shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= Math.max(1, shape[i]);
        }
        return strides;
    }

    private static Pickled.Tuple tuple(long[] numbers) {
        return new Pickled.Tuple(Arrays.stream(numbers)
                .mapToObj(StoredTensor::scalar)
                .map(Pickled.class::cast)
                .toList());
    }

    private static Pickled.Scalar scalar(Object value) {
        return new Pickled.Scalar(Optional.of(value));
    }

    private static long integer(String pickle, Pickled node) {
        if (node instanceof Pickled.Scalar scalar && scalar.value().orElse(null) instanceof Long number) {
            return number;
        }
        throw new ModelFormatException(pickle + ": a tensor whose sizes are no integers");
    }

    private static String text(String pickle, Pickled node) {
        if (node instanceof Pickled.Scalar scalar && scalar.value().orElse(null) instanceof String text) {
            return text;
        }
        throw new ModelFormatException(pickle + ": a storage without a name");
    }

    private static List<Long> integers(String pickle, Pickled node) {
        if (!(node instanceof Pickled.Tuple tuple)) {
            throw new ModelFormatException(pickle + ": a tensor whose sizes are no tuple");
        }
        return tuple.items().stream().map(item -> integer(pickle, item)).toList();
    }
}
