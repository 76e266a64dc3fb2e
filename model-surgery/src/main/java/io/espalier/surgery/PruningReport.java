package io.espalier.surgery;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a cut did. Counts are those of the analysis' terms, which are exact.
 *
 * @param tensors every parameter, buffer and constant of the archive by its name there, cut or not
 * @param folds per removed unit that is a constant other than zero and per weight that reads it, what became of that; in
 *     order of reading. Empty when all removed units vary with the input or are dead
 */
public record PruningReport(
        long paramsBefore,
        long paramsAfter,
        long macsBefore,
        long macsAfter,
        Map<String, TensorCut> tensors,
        List<Fold> folds) {
    public PruningReport {
        folds = List.copyOf(folds);
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}
