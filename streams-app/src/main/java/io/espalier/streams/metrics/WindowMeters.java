package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Interval;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;

/** What the window of each capture point holds: its samples, how its units' scores are spread, and how well they are known. */
public final class WindowMeters {
    public static final String WINDOW_SAMPLES = "espalier.window.samples";
    public static final String INTERVAL_WIDTH = "espalier.score.interval.width";
    public static final String STANDARD_ERROR = "espalier.score.standard.error";
    public static final String CAPTURE_POINT = "capture_point";

    private final GaugeFamily samples;
    private final GaugeFamily intervalWidth;
    private final GaugeFamily standardError;
    private final ScoreHistogram scores = new ScoreHistogram();

    public WindowMeters(PrometheusMeterRegistry registry) {
        samples = new GaugeFamily(registry, WINDOW_SAMPLES, "Samples in the window", CAPTURE_POINT);
        intervalWidth = new GaugeFamily(
                registry, INTERVAL_WIDTH, "Width of the 95 % interval of a score, mean of the units", CAPTURE_POINT);
        standardError = new GaugeFamily(
                registry, STANDARD_ERROR, "Standard error of a score, mean of the units", CAPTURE_POINT);
        registry.getPrometheusRegistry().register(scores);
    }

    /** Takes in the window of a whole capture point, one that has scores. */
    public void scored(VersionKey version, String capturePoint, Expressiveness window) {
        samples.set(version, capturePoint, (double) window.samples());
        scores.set(version, capturePoint, window.score());
        if (window.standardError() != null) {
            standardError.set(version, capturePoint, mean(window.standardError()));
        }
        Interval interval = window.interval();
        if (interval != null) {
            double[] widths = IntStream.range(0, interval.lower().length)
                    .mapToDouble(unit -> interval.upper()[unit] - interval.lower()[unit])
                    .toArray();
            intervalWidth.set(version, capturePoint, mean(widths));
        }
    }

    /** Only these capture points of a version still have a window. */
    public void keepOnly(VersionKey version, Set<String> capturePoints) {
        samples.keepOnlyParts(version, capturePoints);
        scores.keepOnly(version, capturePoints);
        intervalWidth.keepOnlyParts(version, capturePoints);
        standardError.keepOnlyParts(version, capturePoints);
    }

    void forget(VersionKey version) {
        samples.forget(version);
        scores.forget(version);
        intervalWidth.forget(version);
        standardError.forget(version);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
