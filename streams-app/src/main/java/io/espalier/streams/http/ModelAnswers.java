package io.espalier.streams.http;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.query.ModelQueries;
import io.espalier.streams.scores.JoinedShards;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Answers the questions of the API; what is asked for and does not exist is a {@link NotKnownException}. */
final class ModelAnswers {
    private final ModelQueries queries;

    ModelAnswers(ModelQueries queries) {
        this.queries = queries;
    }

    List<Views.Model> models() {
        return queries.versions().stream()
                .collect(Collectors.groupingBy(VersionKey::model, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(entry -> new Views.Model(
                        entry.getKey(),
                        entry.getValue().stream().map(VersionKey::version).toList()))
                .toList();
    }

    List<Views.Version> versions(String model) {
        return keys(model).stream().map(this::version).toList();
    }

    List<Recommendation> recommendations(String model) {
        return keys(model).stream()
                .flatMap(key -> queries.recommendation(key).stream())
                .toList();
    }

    List<Readiness> readiness(String model) {
        return keys(model).stream()
                .flatMap(key -> queries.readiness(key).stream())
                .toList();
    }

    List<Views.Layer> layers(String model, String version) {
        ModelDescriptor descriptor = descriptor(model, version);
        List<Expressiveness> scores = queries.scores(descriptor.key());
        return descriptor.capturePoints().stream()
                .map(point -> layer(point, JoinedShards.of(point, scores)))
                .toList();
    }

    /** The scores of a whole capture point, its shards put together. */
    Expressiveness layer(String model, String version, String name) {
        ModelDescriptor descriptor = descriptor(model, version);
        CapturePoint point = descriptor
                .capturePoint(name)
                .orElseThrow(() -> new NotKnownException(
                        "capture point '" + name + "' of " + descriptor.key() + " is not known: see .../layers"));
        return JoinedShards.of(point, queries.scores(descriptor.key()))
                .orElseThrow(() -> new NotKnownException("capture point '" + name + "' of " + descriptor.key()
                        + " has no score yet: see /api/models/" + model + "/readiness"));
    }

    private Views.Version version(VersionKey key) {
        Optional<ModelDescriptor> descriptor = queries.descriptor(key);
        Optional<ModelVersion> verdict = queries.verdict(key);
        return new Views.Version(
                key.version(),
                descriptor.isPresent(),
                descriptor
                        .map(ModelDescriptor::params)
                        .or(() -> verdict.map(ModelVersion::params))
                        .orElse(null),
                descriptor
                        .map(ModelDescriptor::macs)
                        .or(() -> verdict.map(ModelVersion::macs))
                        .orElse(null),
                verdict.orElse(null));
    }

    private static Views.Layer layer(CapturePoint point, Optional<Expressiveness> score) {
        return new Views.Layer(
                point.name(),
                point.group(),
                point.units(),
                point.positions(),
                score.map(Expressiveness::samples).orElse(0L),
                score.map(known -> Arrays.stream(known.score()).average().orElseThrow())
                        .orElse(null));
    }

    private ModelDescriptor descriptor(String model, String version) {
        String name = model + "@" + version;
        return keys(model).stream()
                .filter(key -> key.version().equals(version))
                .findFirst()
                .flatMap(queries::descriptor)
                .orElseThrow(() -> new NotKnownException(
                        "version '" + name + "' is not registered: see /api/models/" + model + "/versions"));
    }

    private List<VersionKey> keys(String model) {
        List<VersionKey> keys = queries.versions().stream()
                .filter(key -> key.model().equals(model))
                .toList();
        if (keys.isEmpty()) {
            throw new NotKnownException("model '" + model + "' is not known: see /api/models");
        }
        return keys;
    }
}
