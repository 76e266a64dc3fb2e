package io.espalier.runtime.latency;

import io.espalier.surgery.Extent;
import java.util.Map;

/**
 * One call of a layer, with its widths as a function of what is kept.
 *
 * @param outputsPerRow elements of the output that one row of the weight makes
 */
public record TimedLayer(String name, LayerShape shape, Extent rows, Extent columns, long outputsPerRow) {
    long outputs(Map<String, Integer> kept) {
        return rows.length(kept) * outputsPerRow;
    }
}
