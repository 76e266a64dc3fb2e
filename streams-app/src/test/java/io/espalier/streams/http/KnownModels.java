package io.espalier.streams.http;

import io.espalier.planner.drift.Drift;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Target;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.Regret;
import io.espalier.streams.query.LocalModels;
import io.espalier.streams.query.ModelOrder;
import io.espalier.streams.query.ModelQueries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Records in maps, and how many of them were asked for. */
final class KnownModels implements ModelQueries {
    final Map<VersionKey, Readiness> readiness = new TreeMap<>(Comparator.comparing(VersionKey::toString));
    final Map<VersionKey, Recommendation> recommendations = new HashMap<>();
    final Map<VersionKey, Regret> regrets = new HashMap<>();
    /** By version and capture point. */
    final Map<String, Drift> drifts = new HashMap<>();

    final List<Expressiveness> scores = new ArrayList<>();
    final Set<Integer> partitions = new TreeSet<>(Set.of(0));
    int descriptorsRead;
    Policy policy = Policy.of(Target.parse("macs=0.5"), Criterion.parse("expressiveness"));

    private final NavigableMap<String, NavigableMap<String, ModelDescriptor>> models =
            new TreeMap<>(ModelOrder.ofModels());

    KnownModels add(ModelDescriptor descriptor) {
        models.computeIfAbsent(descriptor.model(), model -> new TreeMap<>()).put(descriptor.version(), descriptor);
        return this;
    }

    @Override
    public LocalModels models(String after, int limit) {
        List<String> behind =
                models.tailMap(after, false).keySet().stream().limit(limit + 1L).toList();
        return new LocalModels(behind.stream().limit(limit).toList(), behind.size() > limit, partitions);
    }

    @Override
    public List<VersionKey> versions(String model, String after, int limit) {
        return models.getOrDefault(model, new TreeMap<>()).tailMap(after, false).values().stream()
                .limit(limit)
                .map(ModelDescriptor::key)
                .toList();
    }

    @Override
    public Optional<ModelDescriptor> descriptor(VersionKey version) {
        descriptorsRead++;
        return Optional.ofNullable(models.get(version.model())).map(versions -> versions.get(version.version()));
    }

    @Override
    public Optional<ModelVersion> verdict(VersionKey version) {
        return Optional.empty();
    }

    @Override
    public Optional<Readiness> readiness(VersionKey version) {
        return Optional.ofNullable(readiness.get(version));
    }

    @Override
    public Policy policy(String model) {
        return policy;
    }

    @Override
    public Optional<Recommendation> recommendation(VersionKey version) {
        return Optional.ofNullable(recommendations.get(version));
    }

    @Override
    public Optional<Drift> drift(VersionKey version, CapturePoint point) {
        return Optional.ofNullable(drifts.get(version + "/" + point.name()));
    }

    @Override
    public Optional<Regret> regret(VersionKey version) {
        return Optional.ofNullable(regrets.get(version));
    }

    @Override
    public List<Expressiveness> scores(VersionKey version, String capturePoint) {
        return scores.stream()
                .filter(shard -> shard.key().versionKey().equals(version)
                        && shard.capturePoint().equals(capturePoint))
                .toList();
    }
}
