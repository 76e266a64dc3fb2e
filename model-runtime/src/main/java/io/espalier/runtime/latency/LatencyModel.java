package io.espalier.runtime.latency;

import java.util.List;
import java.util.Map;

/**
 * How long a model takes when so many units of each group are kept: its layers by their grids, and what the whole takes
 * beyond them (norms, activations, pools, additions) in proportion to the elements that the layers put out.
 */
public final class LatencyModel {
    private final List<Timed> layers;
    private final double remainder;
    private final double allOutputs;

    /** A layer and its times: looked up once, asked thousands of times. */
    private record Timed(TimedLayer layer, TimeGrid grid) {
        double milliseconds(Map<String, Integer> kept) {
            return grid.milliseconds(layer.rows().length(kept), layer.columns().length(kept));
        }
    }

    /**
     * A model calibrated with one measurement.
     *
     * @param times of these layers
     * @param wholeMilliseconds how long the model takes at full size
     */
    public LatencyModel(List<TimedLayer> layers, LayerTimes times, double wholeMilliseconds) {
        this.layers = layers.stream()
                .map(layer -> new Timed(layer, times.grid(layer)))
                .toList();
        this.allOutputs = outputs(times.all());
        // On their own the layers may take longer than within the model, where their inputs are still in the caches.
        this.remainder = Math.max(0, wholeMilliseconds - inLayers(times.all()));
    }

    /** Milliseconds of one call when {@code kept.get(group)} units of each group remain; every group must be there. */
    public double milliseconds(Map<String, Integer> kept) {
        return inLayers(kept) + remainder * outputs(kept) / Math.max(1, allOutputs);
    }

    private double inLayers(Map<String, Integer> kept) {
        return layers.stream().mapToDouble(timed -> timed.milliseconds(kept)).sum();
    }

    private double outputs(Map<String, Integer> kept) {
        return layers.stream().mapToDouble(timed -> timed.layer().outputs(kept)).sum();
    }
}
