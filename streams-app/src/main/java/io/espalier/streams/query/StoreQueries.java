package io.espalier.streams.query;

import io.espalier.planner.drift.Drift;
import io.espalier.planner.drift.DriftDetector;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.Regret;
import io.espalier.streams.store.KeysQuery;
import io.espalier.streams.topology.PlanState;
import io.espalier.streams.topology.PlanningStores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;

/** Reads the planning stores of this instance, of each model only those of its partition. */
public final class StoreQueries implements ModelQueries {
    /** What makes a version known. */
    private static final List<String> KNOWING =
            List.of(PlanningStores.DESCRIPTORS, PlanningStores.VERSIONS, PlanningStores.PLANS);

    private final ActiveStores stores;
    private final ModelPartitions partitions;
    private final DriftDetector detector;
    private final Function<String, Policy> otherwise;

    /**
     * Asks nobody yet.
     *
     * @param detector as the planning streams have it
     * @param otherwise the policies of models for which the policies topic has none
     */
    public StoreQueries(
            ActiveStores stores,
            ModelPartitions partitions,
            DriftDetector detector,
            Function<String, Policy> otherwise) {
        this.stores = stores;
        this.partitions = partitions;
        this.detector = detector;
        this.otherwise = otherwise;
    }

    @Override
    public LocalModels models(String after, int limit) {
        List<String> models = new ArrayList<>();
        String from = after.isEmpty() ? "" : ModelOrder.behind(after);
        Set<Integer> read = null;
        while (true) {
            NextKey next = nextKey(from);
            if (read == null) {
                read = new TreeSet<>(next.partitions());
            }
            // A partition that left in the middle may have taken models along that come later.
            read.retainAll(next.partitions());
            if (next.key().isEmpty() || models.size() == limit) {
                return new LocalModels(models, next.key().isPresent(), read);
            }
            String model = VersionKey.parse(next.key().get()).model();
            models.add(model);
            from = ModelOrder.behind(model);
        }
    }

    @Override
    public List<VersionKey> versions(String model, String after, int limit) {
        String first = ModelOrder.firstVersion(model);
        String from = after.isEmpty() ? first : KeysQuery.behind(first + after);
        TreeSet<String> keys = new TreeSet<>();
        for (String store : KNOWING) {
            keys.addAll(stores.one(store, partitions.of(model), new KeysQuery(from, ModelOrder.behind(model), limit)));
        }
        return keys.stream().limit(limit).map(VersionKey::parse).toList();
    }

    @Override
    public Optional<ModelDescriptor> descriptor(VersionKey version) {
        return get(PlanningStores.DESCRIPTORS, version);
    }

    @Override
    public Optional<ModelVersion> verdict(VersionKey version) {
        return get(PlanningStores.VERSIONS, version);
    }

    @Override
    public Optional<Readiness> readiness(VersionKey version) {
        return plan(version).map(PlanState::readiness);
    }

    @Override
    public Policy policy(String model) {
        KeyQuery<String, Policy> query = KeyQuery.withKey(model);
        Policy found = stores.one(PlanningStores.POLICIES, partitions.of(model), query);
        return found == null ? otherwise.apply(model) : found;
    }

    @Override
    public Optional<Recommendation> recommendation(VersionKey version) {
        return plan(version).map(PlanState::recommendation);
    }

    @Override
    public Optional<Drift> drift(VersionKey version, CapturePoint point) {
        KeyQuery<String, Expressiveness> baseline = KeyQuery.withKey(PlanningStores.baseline(version, point.name()));
        Expressiveness then = stores.one(PlanningStores.BASELINES, partitions.of(version.model()), baseline);
        return then == null ? Optional.empty() : window(version, point).map(now -> detector.compare(then, now));
    }

    @Override
    public Optional<Regret> regret(VersionKey version) {
        return get(PlanningStores.REGRETS, version);
    }

    @Override
    public List<Expressiveness> scores(VersionKey version, String capturePoint) {
        String prefix = version + "/" + capturePoint + "/";
        // Ends in digits, all of which come before a colon.
        RangeQuery<String, Expressiveness> shards = RangeQuery.withRange(prefix, prefix + ":");
        List<Expressiveness> found = new ArrayList<>();
        try (KeyValueIterator<String, Expressiveness> scores =
                stores.one(PlanningStores.SCORES, partitions.of(version.model()), shards)) {
            scores.forEachRemaining(entry -> found.add(entry.value));
        }
        return found;
    }

    private Optional<PlanState> plan(VersionKey version) {
        return get(PlanningStores.PLANS, version);
    }

    private <T> Optional<T> get(String store, VersionKey version) {
        KeyQuery<String, T> query = KeyQuery.withKey(version.toString());
        return Optional.ofNullable(stores.one(store, partitions.of(version.model()), query));
    }

    /** The smallest key that makes a version known, of all partitions here. */
    private NextKey nextKey(String from) {
        Set<Integer> read = null;
        TreeSet<String> keys = new TreeSet<>();
        for (String store : KNOWING) {
            Map<Integer, List<String>> found = new TreeMap<>(stores.all(store, new KeysQuery(from, null, 1)));
            found.values().forEach(keys::addAll);
            if (read == null) {
                read = found.keySet();
            }
            read.retainAll(found.keySet());
        }
        return new NextKey(keys.isEmpty() ? Optional.empty() : Optional.of(keys.first()), read);
    }

    private record NextKey(Optional<String> key, Set<Integer> partitions) {}
}
