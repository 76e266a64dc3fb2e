package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gauges of one name, with a series per model version and perhaps a part of it, which live as long as the version. */
final class GaugeFamily {
    static final String MODEL = "model";
    static final String VERSION = "version";

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final String partKey;
    private final Map<SeriesKey, Series> series = new ConcurrentHashMap<>();

    /**
     * Registers no series yet.
     *
     * @param partKey third label of every series, or null when it is of the version as a whole
     */
    GaugeFamily(MeterRegistry registry, String name, String description, String partKey) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.partKey = partKey;
    }

    void set(VersionKey version, double value) {
        set(version, "", value);
    }

    void set(VersionKey version, String part, double value) {
        series.computeIfAbsent(new SeriesKey(version, part), this::register).value = value;
    }

    void forget(VersionKey version) {
        List.copyOf(series.keySet()).stream()
                .filter(key -> key.version.equals(version))
                .map(series::remove)
                .forEach(removed -> registry.remove(removed.gauge));
    }

    private Series register(SeriesKey key) {
        Series registered = new Series();
        Tags tags = Tags.of(MODEL, key.version.model(), VERSION, key.version.version());
        registered.gauge = Gauge.builder(name, registered, current -> current.value)
                .description(description)
                .tags(partKey == null ? tags : tags.and(partKey, key.part))
                .register(registry);
        return registered;
    }

    private record SeriesKey(VersionKey version, String part) {}

    private static final class Series {
        private Gauge gauge;
        private volatile double value;
    }
}
