package io.espalier.streams.topology;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Readiness.Point;
import io.espalier.streams.metrics.EvidenceMeters;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds to a readiness when evidence is expected, and tells it to the metrics and, when it changes, to the log. */
final class ReadinessReport {
    private static final Logger LOG = LoggerFactory.getLogger(ReadinessReport.class);

    /** Capture points that a line names; a model may have thousands. */
    private static final int NAMED_POINTS = 20;

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
        boolean tooShort =
                windowFull && points.stream().anyMatch(point -> lacks(point) && point.expectedInMs() == null);
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
        Long expected = point.expectedInMs();
        if (!lacks(point)) {
            expected = 0L;
        } else if (expected == null && rate.isPresent() && !windowFull) {
            expected = (long) Math.ceil((point.needed() - point.samples()) / rate.getAsDouble());
        }
        return new Point(point.name(), point.samples(), point.needed(), expected, point.reason());
    }

    /** Numbers change at every tick; what they are about does not, and only that is worth a line. */
    private void log(VersionKey version, Readiness readiness) {
        List<Point> lacking = readiness.capturePoints().stream()
                .filter(ReadinessReport::lacks)
                .toList();
        String gist = readiness.ready()
                + lacking.stream().map(Point::name).toList().toString()
                + readiness.reason().replaceAll("[0-9.]+", "#");
        if (!gist.equals(logged.put(version, gist))) {
            LOG.info(
                    "{}: {}: {}{}",
                    version,
                    readiness.ready() ? "ready" : "not ready",
                    readiness.reason(),
                    inWords(version, lacking));
        }
    }

    /** What each capture point lacks, in the words and numbers of the API; a wide model's first ones. */
    private static String inWords(VersionKey version, List<Point> lacking) {
        String named = lacking.stream()
                .limit(NAMED_POINTS)
                .map(ReadinessReport::inWords)
                .collect(Collectors.joining());
        return lacking.size() <= NAMED_POINTS
                ? named
                : named + "; and " + (lacking.size() - NAMED_POINTS) + " more: GET /api/models/" + version.model()
                        + "/readiness";
    }

    private static String inWords(Point point) {
        String when = point.expectedInMs() == null
                ? "at an unknown time"
                : "in "
                        + BigDecimal.valueOf(point.expectedInMs(), 3)
                                .stripTrailingZeros()
                                .toPlainString() + " s";
        return "; " + point.name() + " has " + point.samples() + " of " + point.needed() + " samples, expected " + when
                + ": " + point.reason();
    }

    private static boolean lacks(Point point) {
        return point.samples() < point.needed();
    }
}
