package io.espalier.streams.topology;

import io.espalier.planner.sampling.SampledPoint;
import io.espalier.planner.sampling.SamplingRates;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.SamplingDirective;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.KeyValueStore;

/** Says how much of each capture point of a version is wanted, when that is something else than before, and again in time. */
final class SamplingControl {
    /** What a batch says beside its codes and sums, and Kafka beside a batch. */
    private static final double BATCH_OVERHEAD = 128;

    private static final double BATCH_SAMPLES = 32;

    /** A rate that differs by less is not worth a record. */
    private static final double SAME = 1.2;

    private final KeyValueStore<String, SamplingDirective> directives;
    private final ControlSettings settings;
    private final Duration fullWindow;
    private final SamplingRates rates;
    private final PointSpeeds speeds = new PointSpeeds();
    private final Map<VersionKey, Long> nextMs = new HashMap<>();
    private final Map<VersionKey, Long> publishedMs = new HashMap<>();

    /** {@code directives}: the last of each version, by its key. */
    SamplingControl(
            KeyValueStore<String, SamplingDirective> directives,
            ControlSettings settings,
            Duration pane,
            int windowPanes) {
        this.directives = directives;
        this.settings = settings;
        this.fullWindow = pane.multipliedBy(windowPanes);
        this.rates = new SamplingRates(fullWindow, settings.floor(), settings.bytesPerSecond());
    }

    /**
     * A directive, when it is time for one and it says something new.
     *
     * @param drifting whether the window holds traffic that has changed, so that new traffic is wanted
     */
    Optional<SamplingDirective> direct(
            ModelDescriptor descriptor,
            Map<String, Expressiveness> windows,
            Readiness readiness,
            boolean drifting,
            long nowMs) {
        if (!settings.enabled()) {
            return Optional.empty();
        }
        VersionKey version = descriptor.key();
        Map<String, Double> last = Optional.ofNullable(directives.get(version.toString()))
                .map(SamplingDirective::rates)
                .orElse(Map.of());
        windows.forEach((point, window) -> speeds.observe(
                version, point, window, Math.max(settings.floor(), last.getOrDefault(point, 1.0)), nowMs));
        if (nowMs < nextMs.getOrDefault(version, 0L)) {
            return Optional.empty();
        }
        nextMs.put(version, nowMs + settings.interval().toMillis());
        Map<String, Double> wanted = rates.of(points(descriptor, windows, readiness, drifting, last));
        boolean isSame = wanted.entrySet().stream()
                .allMatch(rate -> isSame(rate.getValue(), last.getOrDefault(rate.getKey(), 1.0)));
        if (isSame && (last.isEmpty() || !isRenewalDue(version, nowMs))) {
            return Optional.empty();
        }
        SamplingDirective directive = new SamplingDirective(version.model(), version.version(), isSame ? last : wanted);
        directives.put(version.toString(), directive);
        publishedMs.put(version, nowMs);
        return Optional.of(directive);
    }

    /** One that was published before a restart is renewed at once. */
    private boolean isRenewalDue(VersionKey version, long nowMs) {
        Long published = publishedMs.get(version);
        return published == null || nowMs - published >= SamplingDirective.RENEWAL.toMillis();
    }

    void forget(VersionKey version) {
        directives.delete(version.toString());
        nextMs.remove(version);
        publishedMs.remove(version);
        speeds.forget(version);
    }

    private List<SampledPoint> points(
            ModelDescriptor descriptor,
            Map<String, Expressiveness> windows,
            Readiness readiness,
            boolean drifting,
            Map<String, Double> last) {
        Map<String, Long> needed = readiness.capturePoints().stream()
                .collect(Collectors.toMap(Readiness.Point::name, Readiness.Point::needed));
        return descriptor.capturePoints().stream()
                .map(point -> {
                    Expressiveness window = windows.get(point.name());
                    return new SampledPoint(
                            point.name(),
                            window == null ? 0 : window.samples(),
                            needed.getOrDefault(point.name(), 0L),
                            window == null ? 0 : filled(window.window()),
                            drifting,
                            speeds.perSecond(descriptor.key(), point.name()),
                            last.getOrDefault(point.name(), 1.0),
                            bytesPerSample(point));
                })
                .toList();
    }

    /** By the time that it spans: at a low rate there are panes without a batch. */
    private double filled(Expressiveness.Window window) {
        return Math.min(1.0, (double) (window.endMs() - window.startMs()) / fullWindow.toMillis());
    }

    private static double bytesPerSample(CapturePoint point) {
        double codes = Math.ceil(point.units() * point.positions() / 64.0) * Long.BYTES;
        return codes + (2.0 * Double.BYTES * point.units() + BATCH_OVERHEAD) / BATCH_SAMPLES;
    }

    private static boolean isSame(double one, double other) {
        return Math.max(one, other) < SAME * Math.min(one, other);
    }
}
