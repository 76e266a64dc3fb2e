package io.espalier.streams.query;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.util.List;
import java.util.Optional;

/**
 * What this instance knows of its models; throws {@link UnavailableException} while it cannot say, and for models that
 * another instance has.
 */
public interface ModelQueries {
    /**
     * Models that have a descriptor, a verdict, or scores.
     *
     * @param after only those behind it, in the order of keys; empty for all
     */
    LocalModels models(String after, int limit);

    /**
     * Versions of a model that have a descriptor, a verdict, or scores, in the order of keys.
     *
     * @param after only those behind it; empty for all
     */
    List<VersionKey> versions(String model, String after, int limit);

    Optional<ModelDescriptor> descriptor(VersionKey version);

    Optional<ModelVersion> verdict(VersionKey version);

    Optional<Readiness> readiness(VersionKey version);

    /** The last one published. */
    Optional<Recommendation> recommendation(VersionKey version);

    /** The latest score of each shard of a capture point. */
    List<Expressiveness> scores(VersionKey version, String capturePoint);
}
