package io.espalier.runtime.latency;

/** Times one layer's operator. */
@FunctionalInterface
public interface LayerStopwatch {
    /** How long one call takes. */
    RepeatedTiming.Times time(LayerShape shape, long rows, long columns);
}
