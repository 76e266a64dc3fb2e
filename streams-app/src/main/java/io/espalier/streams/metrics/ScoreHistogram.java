package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many units of a capture point score at most {@code le}, now: a gauge histogram, whose buckets go down again when
 * scores do. Micrometer has none (its histograms only ever add), hence Prometheus' own type.
 */
final class ScoreHistogram implements Collector {
    static final String NAME = "espalier_expressiveness_units";

    /** In steps of 0.05 up to 0.5, the most that a position whose bit is set in half of many samples can have. */
    private static final double[] BOUNDS = bounds();

    private final Map<Point, HistogramDataPointSnapshot> points = new ConcurrentHashMap<>();

    void set(VersionKey version, String capturePoint, double[] scores) {
        Number[] counts = new Number[BOUNDS.length];
        Arrays.fill(counts, 0L);
        for (double score : scores) {
            int bucket = 0;
            while (score > BOUNDS[bucket]) {
                bucket++;
            }
            counts[bucket] = counts[bucket].longValue() + 1;
        }
        points.put(
                new Point(version, capturePoint),
                HistogramDataPointSnapshot.builder()
                        .labels(Labels.of(
                                GaugeFamily.MODEL, version.model(),
                                GaugeFamily.VERSION, version.version(),
                                WindowMeters.CAPTURE_POINT, capturePoint))
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, counts))
                        .sum(Arrays.stream(scores).sum())
                        .build());
    }

    void keepOnly(VersionKey version, Set<String> capturePoints) {
        points.keySet().removeIf(point -> point.version.equals(version) && !capturePoints.contains(point.capturePoint));
    }

    void forget(VersionKey version) {
        points.keySet().removeIf(point -> point.version.equals(version));
    }

    @Override
    public MetricSnapshot collect() {
        HistogramSnapshot.Builder snapshot = HistogramSnapshot.builder()
                .name(NAME)
                .help("Units whose expressiveness is at most le")
                .gaugeHistogram(true);
        points.values().forEach(snapshot::dataPoint);
        return snapshot.build();
    }

    private static double[] bounds() {
        double[] bounds = new double[12];
        Arrays.setAll(bounds, index -> index / 20.0);
        bounds[11] = Double.POSITIVE_INFINITY;
        return bounds;
    }

    private record Point(VersionKey version, String capturePoint) {}
}
