package io.espalier.streams.http;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.streams.query.LocalModels;
import io.espalier.streams.query.ModelQueries;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the API says of models and their versions, from this instance; what is asked for and does not exist is a
 * {@link NotKnownException}. Lists are read as far as they are iterated over.
 */
final class ModelAnswers {
    /** Versions that a list of models names of each. */
    private static final int NAMED_VERSIONS = 20;

    private final ModelQueries queries;

    ModelAnswers(ModelQueries queries) {
        this.queries = queries;
    }

    ModelsPart models(String after, int limit) {
        LocalModels found = queries.models(after, limit);
        return new ModelsPart(found.models().stream().map(this::model).toList(), found.more(), found.partitions());
    }

    Iterator<Named> versions(String model, String after) {
        return keys(model, after)
                .map(key -> new Named(key.version(), () -> version(key)))
                .iterator();
    }

    Iterator<Named> recommendations(String model, String after) {
        return known(model, after, queries::recommendation);
    }

    Iterator<Named> regrets(String model, String after) {
        return known(model, after, queries::regret);
    }

    Iterator<Named> readiness(String model, String after) {
        return known(model, after, queries::readiness);
    }

    private Views.Model model(String name) {
        List<String> versions = queries.versions(name, "", NAMED_VERSIONS + 1).stream()
                .map(VersionKey::version)
                .toList();
        boolean more = versions.size() > NAMED_VERSIONS;
        return new Views.Model(name, more ? versions.subList(0, NAMED_VERSIONS) : versions, more ? true : null);
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

    /** The versions of a model of which {@code record} says something. */
    <T> Iterator<Named> known(String model, String after, Function<VersionKey, Optional<T>> record) {
        return keys(model, after)
                .flatMap(key -> record.apply(key).map(found -> new Named(key.version(), () -> found)).stream())
                .iterator();
    }

    /** The registered versions of a model; what is said of each takes work, which is done when it is written. */
    Iterator<Named> registered(String model, String after, Function<ModelDescriptor, ?> answer) {
        return keys(model, after)
                .flatMap(key -> queries.descriptor(key).stream())
                .map(descriptor -> new Named(descriptor.version(), () -> answer.apply(descriptor)))
                .iterator();
    }

    private Stream<VersionKey> keys(String model, String after) {
        NotKnownException.requireKnown(queries, model);
        Iterable<VersionKey> keys = () -> new VersionIterator(queries, model, after);
        return StreamSupport.stream(keys.spliterator(), false);
    }
}
