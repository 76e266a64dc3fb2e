package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** What the window of each capture point holds: its samples, and how its units' scores are spread. */
public final class WindowMeters {
    public static final String WINDOW_SAMPLES = "espalier.window.samples";
    public static final String CAPTURE_POINT = "capture_point";

    private final GaugeFamily samples;
    private final ScoreHistogram scores = new ScoreHistogram();

    public WindowMeters(PrometheusMeterRegistry registry) {
        samples = new GaugeFamily(registry, WINDOW_SAMPLES, "Samples in the window", CAPTURE_POINT);
        registry.getPrometheusRegistry().register(scores);
    }

    /**
     * Takes in the scores of a capture point.
     *
     * @param expressiveness per unit of the whole capture point, in [0, 1]
     */
    public void scored(VersionKey version, String capturePoint, long windowSamples, double[] expressiveness) {
        samples.set(version, capturePoint, (double) windowSamples);
        scores.set(version, capturePoint, expressiveness);
    }

    void forget(VersionKey version) {
        samples.forget(version);
        scores.forget(version);
    }
}
