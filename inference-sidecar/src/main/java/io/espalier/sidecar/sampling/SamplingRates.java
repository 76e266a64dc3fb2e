package io.espalier.sidecar.sampling;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import java.util.List;
import java.util.Map;

/**
 * The rates at which a model is sampled now: as configured, or less where a directive wants less. Requests read them while one
 * thread directs them.
 */
public final class SamplingRates {
    private final List<String> points;
    private final double configured;
    private volatile PointRates current;

    /** @param configured share of requests that is sampled without a directive, in [0, 1]: no directive takes more */
    public SamplingRates(ModelDescriptor model, double configured) {
        this.points = model.capturePoints().stream().map(CapturePoint::name).toList();
        this.configured = configured;
        release();
    }

    /**
     * Follows a directive.
     *
     * @param shares by capture point, in [0, 1]; 1 where one is not named, and names that the model lacks mean nothing
     */
    public void direct(Map<String, Double> shares) {
        current = new PointRates(
                configured,
                points.stream()
                        .mapToDouble(point -> shares.getOrDefault(point, 1.0))
                        .toArray());
    }

    /** Back to what is configured. */
    public void release() {
        current = PointRates.undirected(configured, points.size());
    }

    public PointRates current() {
        return current;
    }
}
