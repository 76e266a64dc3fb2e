package io.espalier.search;

import io.espalier.runtime.RememberedNumbers;
import io.espalier.runtime.Sha256;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Remembers what cuts of a model cost on some inputs, from one run to the next. */
final class DamagesFile {
    /** Of what is measured; another one makes earlier files strange. */
    private static final String MEASURE = "damages-2";

    private static final int MOST_ENTRIES = 100_000;

    private final RememberedNumbers damages;

    /** {@code model}: its fingerprint. */
    DamagesFile(Path folder, String model, List<List<Tensor>> samples) {
        List<byte[]> parts = new ArrayList<>();
        parts.add((MEASURE + model).getBytes(StandardCharsets.UTF_8));
        samples.forEach(sample -> sample.forEach(tensor -> parts.add(tensor.data())));
        this.damages = new RememberedNumbers(folder.resolve(Sha256.of(parts) + ".json"), MOST_ENTRIES);
    }

    Optional<Double> get(Map<String, List<Integer>> remove) {
        return damages.get(key(remove));
    }

    /** Remembers them at once. */
    void add(List<Map<String, List<Integer>>> cuts, List<Double> measured) throws IOException {
        for (int i = 0; i < cuts.size(); i++) {
            damages.put(key(cuts.get(i)), measured.get(i));
        }
        damages.save();
    }

    private static String key(Map<String, List<Integer>> remove) {
        return Sha256.of(List.of(new TreeMap<>(remove).toString().getBytes(StandardCharsets.UTF_8)));
    }
}
