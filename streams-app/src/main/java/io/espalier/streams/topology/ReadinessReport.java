package io.espalier.streams.topology;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Readiness.Point;
import io.espalier.streams.metrics.EvidenceMeters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds to a readiness when evidence is expected, and tells it to the metrics and, when it changes, to the log. */
final class ReadinessReport {
    private static final Logger LOG = LoggerFactory.getLogger(ReadinessReport.class);

    private final EvidenceMeters meters;
    private final SampleRates rates = new SampleRates();
    private final Map<VersionKey, String> logged = new HashMap<>();

    ReadinessReport(EvidenceMeters meters) {
        this.meters = meters;
    }

    /**
     * Completes and tells.
     *
     * @param windowFull whether the window holds all the panes it can, so that waiting brings no more samples
     */
    Readiness report(Readiness readiness, boolean windowFull, long nowMs) {
        VersionKey version = new VersionKey(readiness.model(), readiness.version());
        List<Point> points = readiness.capturePoints().stream()
                .map(point -> expected(version, point, windowFull, nowMs))
                .toList();
        boolean tooShort = windowFull && points.stream().anyMatch(ReadinessReport::lacks);
        String reason = readiness.reason()
                + (tooShort ? "; the window is full: raise espalier.window.panes or the sampling rate" : "");
        Readiness reported = new Readiness(readiness.model(), readiness.version(), readiness.ready(), reason, points);
        meters.report(reported);
        log(version, reported);
        return reported;
    }

    void forget(VersionKey version) {
        rates.forget(version);
        logged.remove(version);
    }

    private Point expected(VersionKey version, Point point, boolean windowFull, long nowMs) {
        OptionalDouble rate = rates.observe(version, point.name(), point.samples(), nowMs);
        Long expected = null;
        if (!lacks(point)) {
            expected = 0L;
        } else if (rate.isPresent() && !windowFull) {
            expected = (long) Math.ceil((point.needed() - point.samples()) / rate.getAsDouble());
        }
        return new Point(point.name(), point.samples(), point.needed(), expected, point.reason());
    }

    /** Numbers change at every tick; what they are about does not, and only that is worth a line. */
    private void log(VersionKey version, Readiness readiness) {
        List<String> lacking = readiness.capturePoints().stream()
                .filter(ReadinessReport::lacks)
                .map(Point::name)
                .toList();
        String gist =
                readiness.ready() + lacking.toString() + readiness.reason().replaceAll("[0-9.]+", "#");
        if (!gist.equals(logged.put(version, gist))) {
            LOG.info("{}: {}: {}", version, readiness.ready() ? "ready" : "not ready", readiness.reason());
        }
    }

    private static boolean lacks(Point point) {
        return point.samples() < point.needed();
    }
}
