package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Gauges of one name, with a series per model version and perhaps a part of it, which live as long as the version. */
final class GaugeFamily {
    static final String MODEL = "model";
    static final String VERSION = "version";

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final List<String> partKeys;
    private final Map<SeriesKey, Series> series = new ConcurrentHashMap<>();

    /**
     * Registers no series yet.
     *
     * @param partKeys labels of every series beside model and version; none when it is of the version as a whole
     */
    GaugeFamily(MeterRegistry registry, String name, String description, String... partKeys) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.partKeys = List.of(partKeys);
    }

    void set(VersionKey version, double value) {
        set(version, List.of(), value);
    }

    void set(VersionKey version, String part, double value) {
        set(version, List.of(part), value);
    }

    /** {@code parts}: one for each label. */
    void set(VersionKey version, List<String> parts, double value) {
        series.computeIfAbsent(new SeriesKey(version, parts), this::register).value = value;
    }

    void forget(VersionKey version) {
        forget(version, parts -> true);
    }

    /** Removes the series of a version whose parts are no longer spoken of. */
    void keepOnly(VersionKey version, Set<List<String>> parts) {
        forget(version, there -> !parts.contains(there));
    }

    /** As {@link #keepOnly}, of a family with one label. */
    void keepOnlyParts(VersionKey version, Set<String> parts) {
        forget(version, there -> !parts.contains(there.get(0)));
    }

    private void forget(VersionKey version, Predicate<List<String>> which) {
        List.copyOf(series.keySet()).stream()
                .filter(key -> key.version.equals(version) && which.test(key.parts))
                .map(series::remove)
                .forEach(removed -> registry.remove(removed.gauge));
    }

    private Series register(SeriesKey key) {
        Tags tags = Tags.of(MODEL, key.version.model(), VERSION, key.version.version());
        for (int part = 0; part < partKeys.size(); part++) {
            tags = tags.and(partKeys.get(part), key.parts.get(part));
        }
        Series registered = new Series();
        registered.gauge = Gauge.builder(name, registered, current -> current.value)
                .description(description)
                .tags(tags)
                .register(registry);
        return registered;
    }

    private record SeriesKey(VersionKey version, List<String> parts) {}

    private static final class Series {
        private Gauge gauge;
        private volatile double value;
    }
}
