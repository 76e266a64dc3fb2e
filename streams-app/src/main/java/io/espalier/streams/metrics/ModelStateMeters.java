package io.espalier.streams.metrics;

import io.espalier.protocol.VersionKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the windows of each version take on this instance: its tasks, each of which has some of the shards, add up. */
public final class ModelStateMeters {
    public static final String MOST = "espalier.model.state.bytes";
    public static final String WRITTEN = "espalier.model.state.written.bytes";

    private final GaugeFamily most;
    private final GaugeFamily written;
    private final Map<String, Map<VersionKey, Bytes>> tasks = new HashMap<>();

    /**
     * Of the windows of some shards.
     *
     * @param most that they may take on the heap, by {@link io.espalier.protocol.score.StateSize}
     * @param written that their panes have as they were last written, keys included
     */
    public record Bytes(long most, long written) {
        static final Bytes NONE = new Bytes(0, 0);

        public Bytes plus(Bytes other) {
            return new Bytes(most + other.most, written + other.written);
        }
    }

    public ModelStateMeters(MeterRegistry registry) {
        most = new GaugeFamily(registry, MOST, "Bytes that the windows of the shards counted here take at most");
        written = new GaugeFamily(
                registry, WRITTEN, "Bytes of their panes as last written to the changelog; the heap has them twice");
    }

    /** Takes in what a task has; none when it leaves. */
    public synchronized void holds(String task, Map<VersionKey, Bytes> versions) {
        Map<VersionKey, Bytes> before = versions.isEmpty() ? tasks.remove(task) : tasks.put(task, Map.copyOf(versions));
        Set<VersionKey> changed = new HashSet<>(versions.keySet());
        changed.addAll(before == null ? Set.of() : before.keySet());
        changed.forEach(this::add);
    }

    private void add(VersionKey version) {
        Collection<Map<VersionKey, Bytes>> all = tasks.values();
        if (all.stream().noneMatch(task -> task.containsKey(version))) {
            most.forget(version);
            written.forget(version);
            return;
        }
        Bytes sum =
                all.stream().map(task -> task.getOrDefault(version, Bytes.NONE)).reduce(Bytes.NONE, Bytes::plus);
        most.set(version, (double) sum.most());
        written.set(version, (double) sum.written());
    }
}
