package io.espalier.streams.query;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.topology.PlanState;
import io.espalier.streams.topology.PlanningStores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Reads the planning stores of this instance. */
public final class StoreQueries implements ModelQueries {
    private final KafkaStreams planning;

    public StoreQueries(KafkaStreams planning) {
        this.planning = planning;
    }

    @Override
    public SortedSet<VersionKey> versions() {
        SortedSet<VersionKey> versions =
                new TreeSet<>(Comparator.comparing(VersionKey::model).thenComparing(VersionKey::version));
        for (String store : List.of(PlanningStores.DESCRIPTORS, PlanningStores.VERSIONS, PlanningStores.PLANS)) {
            keys(store).forEach(key -> versions.add(VersionKey.parse(key)));
        }
        return versions;
    }

    @Override
    public Optional<ModelDescriptor> descriptor(VersionKey version) {
        return get(PlanningStores.DESCRIPTORS, version.toString());
    }

    @Override
    public Optional<ModelVersion> verdict(VersionKey version) {
        return get(PlanningStores.VERSIONS, version.toString());
    }

    @Override
    public Optional<Readiness> readiness(VersionKey version) {
        return plan(version).map(PlanState::readiness);
    }

    @Override
    public Optional<Recommendation> recommendation(VersionKey version) {
        return plan(version).map(PlanState::recommendation);
    }

    @Override
    public List<Expressiveness> scores(VersionKey version) {
        return read(PlanningStores.SCORES, (ReadOnlyKeyValueStore<String, Expressiveness> store) -> {
            List<Expressiveness> found = new ArrayList<>();
            try (KeyValueIterator<String, Expressiveness> scores =
                    store.prefixScan(version + "/", new StringSerializer())) {
                scores.forEachRemaining(entry -> found.add(entry.value));
            }
            return found;
        });
    }

    private Optional<PlanState> plan(VersionKey version) {
        return get(PlanningStores.PLANS, version.toString());
    }

    private <T> Optional<T> get(String name, String key) {
        return read(name, (ReadOnlyKeyValueStore<String, T> store) -> Optional.ofNullable(store.get(key)));
    }

    private List<String> keys(String name) {
        return read(name, (ReadOnlyKeyValueStore<String, Object> store) -> {
            List<String> found = new ArrayList<>();
            try (KeyValueIterator<String, Object> all = store.all()) {
                all.forEachRemaining(entry -> found.add(entry.key));
            }
            return found;
        });
    }

    private <T, R> R read(String name, Function<ReadOnlyKeyValueStore<String, T>, R> reading) {
        try {
            return reading.apply(planning.store(
                    StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<String, T>keyValueStore())));
        } catch (InvalidStateStoreException | IllegalStateException e) {
            // The second comes of streams that have ended or are about to.
            throw new UnavailableException(e);
        }
    }
}
