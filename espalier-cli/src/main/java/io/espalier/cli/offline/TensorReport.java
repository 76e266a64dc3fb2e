package io.espalier.cli.offline;

import io.espalier.surgery.TensorCut;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of one tensor, as reports show it.
 *
 * @param kept by cut dimension, the original indices that remain; of a convolution whose groups keep different input
 *     channels, a list for each group
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record TensorReport(long[] before, long[] after, Map<Integer, Object> kept) {
    public static TensorReport of(TensorCut cut) {
        Map<Integer, Object> kept = new TreeMap<>(cut.kept());
        kept.putAll(cut.keptPerGroup());
        return new TensorReport(cut.before(), cut.after(), kept);
    }

    /** All tensors, in their order. */
    public static Map<String, TensorReport> of(Map<String, TensorCut> cuts) {
        Map<String, TensorReport> reports = new LinkedHashMap<>();
        cuts.forEach((name, cut) -> reports.put(name, of(cut)));
        return reports;
    }
}
