package io.espalier.surgery;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a cut did. Counts are those of the analysis' terms, which are exact.
 *
 * @param tensors every parameter, buffer and constant of the archive by its name there, cut or not
 */
public record PruningReport(
        long paramsBefore, long paramsAfter, long macsBefore, long macsAfter, Map<String, TensorCut> tensors) {
    public PruningReport {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}
