package io.espalier.surgery.torchscript;

import io.espalier.surgery.ExampleInput;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.pickle.PickleNames;
import io.espalier.surgery.torchscript.pickle.PickleReader;
import io.espalier.surgery.torchscript.pickle.Pickled;
import io.espalier.surgery.torchscript.zip.ZipEntry;
import io.espalier.surgery.torchscript.zip.ZipReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code traced_inputs.pkl}, where PyTorch 2 notes what a model was traced with: a dictionary from method names to
 * lists of arguments. The tensors' elements may be missing from the archive; their shapes are in the pickle.
 */
final class ExampleInputs {
    private static final String NAME = "traced_inputs";

    private ExampleInputs() {}

    /** Empty when there is no such entry, or forward was not given tensors alone. */
    static Optional<List<ExampleInput>> read(ZipReader zip, String top) {
        ZipEntry entry = zip.entries().get(top + NAME + ".pkl");
        if (entry == null) {
            return Optional.empty();
        }
        Pickled root = untagged(PickleReader.read(entry.name(), zip.content(entry)));
        if (!(root instanceof Pickled.Dictionary methods)) {
            throw new ModelFormatException(entry.name() + ": does not hold a dictionary");
        }
        List<Pickled> items = methods.keysAndValues();
        for (int i = 0; i < items.size(); i += 2) {
            if (items.get(i) instanceof Pickled.Scalar key && key.value().equals(Optional.of("forward"))) {
                return tensors(entry.name(), untagged(items.get(i + 1)));
            }
        }
        return Optional.empty();
    }

    private static Optional<List<ExampleInput>> tensors(String entry, Pickled arguments) {
        List<ExampleInput> inputs = new ArrayList<>();
        if (!(arguments instanceof Pickled.Sequence) && !(arguments instanceof Pickled.Tuple)) {
            return Optional.empty();
        }
        for (Pickled argument : Pickled.children(arguments)) {
            if (!(argument instanceof Pickled.Call call)
                    || !call.function().qualified().equals(PickleNames.REBUILD_TENSOR)) {
                return Optional.empty();
            }
            StoredTensor tensor = StoredTensor.of(entry, NAME + "/", call);
            long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
            inputs.add(new ExampleInput(shape, tensor.type()));
        }
        return Optional.of(inputs);
    }

    private static Pickled untagged(Pickled value) {
        boolean tagged = value instanceof Pickled.Call call
                && call.function().qualified().equals(PickleNames.TYPE_TAG)
                && !call.arguments().items().isEmpty();
        return tagged ? ((Pickled.Call) value).arguments().items().get(0) : value;
    }
}
