package io.espalier.streams.query;

import io.espalier.planner.drift.Drift;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.Regret;
import io.espalier.streams.scores.JoinedShards;
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

    /** What its plans are made for: that of the policies topic, or of the settings. */
    Policy policy(String model);

    /** The last one published. */
    Optional<Recommendation> recommendation(VersionKey version);

    /**
     * How the window of a capture point compares with the one that the standing recommendation was made on; empty with no such
     * recommendation, and before all shards have a score.
     */
    Optional<Drift> drift(VersionKey version, CapturePoint point);

    /** Of a version that lacks units: those that came back in its parent. */
    Optional<Regret> regret(VersionKey version);

    /** The latest score of each shard of a capture point. */
    List<Expressiveness> scores(VersionKey version, String capturePoint);

    /** The latest score of a whole capture point; empty before all of its shards have one. */
    default Optional<Expressiveness> window(VersionKey version, CapturePoint point) {
        return JoinedShards.of(point, scores(version, point.name()));
    }
}
