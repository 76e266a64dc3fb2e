package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.pickle.PickleNames;
import io.espalier.surgery.torchscript.pickle.PickleReader;
import io.espalier.surgery.torchscript.pickle.Pickled;
import io.espalier.surgery.torchscript.zip.ZipEntry;
import io.espalier.surgery.torchscript.zip.ZipReader;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** One pickle of the archive and the tensors in it, each checked against its storage entry. */
final class PickledFile {
    private static final long VIEWED_LIMIT = 16 << 20;
    private static final long VIEWS_PER_ELEMENT = 4;

    private final ZipEntry entry;
    private final Pickled root;
    private final IdentityHashMap<Pickled, StoredTensor> tensors = new IdentityHashMap<>();
    private final Map<String, Object> views = new HashMap<>();
    private final Set<String> seenInManyWays = new HashSet<>();
    private final Set<Object> distinct = new HashSet<>();
    private long stored;
    private long viewed;

    /** Reads {@code top + name + ".pkl"}, whose storages are the entries {@code top + folder + "/" + key}. */
    static PickledFile read(ZipReader zip, String top, String name, String folder) {
        ZipEntry entry = zip.entries().get(top + name + ".pkl");
        if (entry == null) {
            throw new ModelFormatException("the archive has no " + name + ".pkl, so it is no TorchScript module");
        }
        PickledFile file = new PickledFile(entry, PickleReader.read(entry.name(), zip.content(entry)));
        file.collect(file.root, zip, top + folder + "/", Collections.newSetFromMap(new IdentityHashMap<>()));
        return file;
    }

    private PickledFile(ZipEntry entry, Pickled root) {
        this.entry = entry;
        this.root = root;
    }

    private void collect(Pickled node, ZipReader zip, String folder, Set<Pickled> seen) {
        if (node instanceof Pickled.Scalar || !seen.add(node)) {
            return;
        }
        if (node instanceof Pickled.Call call && call.function().qualified().equals(PickleNames.REBUILD_TENSOR)) {
            StoredTensor tensor = StoredTensor.of(entry.name(), folder, call);
            checkStorage(tensor, zip.entries().get(tensor.entry()));
            tensors.put(node, tensor);
            addView(tensor);
            return;
        }
        Pickled.children(node).forEach(child -> collect(child, zip, folder, seen));
    }

    private void addView(StoredTensor tensor) {
        Object view = tensor.view();
        Object other = views.putIfAbsent(tensor.entry(), view);
        if (other == null) {
            stored += tensor.count();
        } else if (!other.equals(view)) {
            seenInManyWays.add(tensor.entry());
        }
        if (distinct.add(view)) {
            viewed += tensor.extent();
        }
        if (viewed > VIEWED_LIMIT + VIEWS_PER_ELEMENT * stored) {
            throw new ModelFormatException(
                    entry.name() + ": tensors of " + viewed + " elements over storages of " + stored);
        }
    }

    private void checkStorage(StoredTensor tensor, ZipEntry storage) {
        if (storage == null) {
            throw new ModelFormatException(
                    entry.name() + ": storage " + tensor.entry() + " is missing from the archive");
        }
        if (storage.size() != tensor.count() * tensor.type().bytes()) {
            throw new ModelFormatException(tensor.entry() + ": has " + storage.size() + " bytes where " + tensor.count()
                    + " elements of " + tensor.type() + " are announced");
        }
    }

    ZipEntry entry() {
        return entry;
    }

    Pickled root() {
        return root;
    }

    /** The tensors by their node, by identity. */
    IdentityHashMap<Pickled, StoredTensor> tensors() {
        return tensors;
    }

    /** Whether another tensor sees a part of the same memory in another way, or the tensor repeats its memory. */
    boolean overlaps(StoredTensor tensor) {
        return tensor.elements() > tensor.count() || seenInManyWays.contains(tensor.entry());
    }
}
