package io.espalier.surgery;

import java.util.List;
import java.util.Map;

/** A count that belongs to one layer: {@code scale * product of extents}, exact at every choice of kept units. */
public record CostTerm(String layer, long scale, List<Extent> extents) {
    public CostTerm {
        extents = List.copyOf(extents);
    }

    /** The count when {@code kept.get(group)} units of each group remain. */
    public long count(Map<String, Integer> kept) {
        long count = scale;
        for (Extent extent : extents) {
            count = Math.multiplyExact(count, extent.length(kept));
        }
        return count;
    }
}
