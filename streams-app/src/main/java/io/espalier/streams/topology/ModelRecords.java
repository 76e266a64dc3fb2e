package io.espalier.streams.topology;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codec;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.streams.scores.JoinedShards;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Takes inputs into the stores, and puts together what the planner reads. */
final class ModelRecords {
    private final PlanningStores stores;

    ModelRecords(PlanningStores stores) {
        this.stores = stores;
    }

    /** The latest record of its key wins; returns the versions whose plan it may change. */
    Set<VersionKey> apply(PlanningInput input) {
        switch (input.kind()) {
            case MODEL -> put(stores.descriptors(), Codecs.MODEL_DESCRIPTOR, input);
            case POLICY -> put(stores.policies(), Codecs.POLICY, input);
            case SCORES -> put(stores.scores(), Codecs.EXPRESSIVENESS, input);
            case VERSION -> put(stores.versions(), Codecs.MODEL_VERSION, input);
        }
        return switch (input.kind()) {
            case MODEL, VERSION -> Set.of(VersionKey.parse(input.key()));
            case POLICY -> versions(input.key());
            case SCORES -> Set.of(ShardKey.parse(input.key()).versionKey());
        };
    }

    /** All versions that have a descriptor or a verdict. */
    Set<VersionKey> versions() {
        Set<VersionKey> versions = new HashSet<>();
        addKeys(stores.descriptors(), versions);
        addKeys(stores.versions(), versions);
        return versions;
    }

    private Set<VersionKey> versions(String model) {
        return versions().stream()
                .filter(version -> version.model().equals(model))
                .collect(Collectors.toSet());
    }

    /** The windows of the capture points of which all shards are known and have a score, whole. */
    Map<String, Expressiveness> windows(ModelDescriptor descriptor) {
        List<Expressiveness> shards = values(stores.scores(), descriptor.key() + "/");
        Map<String, Expressiveness> windows = new TreeMap<>();
        for (CapturePoint point : descriptor.capturePoints()) {
            JoinedShards.of(point, shards).ifPresent(window -> windows.put(point.name(), window));
        }
        return windows;
    }

    /** The versions that were made from one. */
    List<ModelVersion> smaller(VersionKey parent) {
        return values(stores.versions(), parent.model() + "@").stream()
                .filter(version -> version.parent().equals(parent.version()))
                .toList();
    }

    boolean hasScores(VersionKey version) {
        return !values(stores.scores(), version + "/").isEmpty();
    }

    /** Whether all the panes of the window are there, of one shard at least: it will not hold more than it does. */
    boolean isWindowFull(VersionKey version, int windowPanes) {
        return values(stores.scores(), version + "/").stream()
                .anyMatch(shard -> shard.window().panes() >= windowPanes);
    }

    /** Removes what is only known of a version while it has a descriptor. */
    void forget(VersionKey version) {
        StoreKeys.deleteAll(stores.scores(), version + "/");
        stores.plans().delete(version.toString());
    }

    Optional<ModelDescriptor> descriptor(VersionKey version) {
        return Optional.ofNullable(stores.descriptors().get(version.toString()));
    }

    private static <T> void addKeys(KeyValueStore<String, T> store, Set<VersionKey> versions) {
        try (KeyValueIterator<String, T> all = store.all()) {
            all.forEachRemaining(entry -> versions.add(VersionKey.parse(entry.key)));
        }
    }

    private static <T> void put(KeyValueStore<String, T> store, Codec<T> codec, PlanningInput input) {
        if (input.isTombstone()) {
            store.delete(input.key());
        } else {
            store.put(input.key(), codec.decode(input.value()));
        }
    }

    private static <T> List<T> values(KeyValueStore<String, T> store, String prefix) {
        return StoreKeys.entries(store, prefix).stream()
                .map(entry -> entry.value)
                .toList();
    }
}
