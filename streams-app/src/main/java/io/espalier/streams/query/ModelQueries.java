package io.espalier.streams.query;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** What this instance knows of the models; throws {@link UnavailableException} while it cannot say. */
public interface ModelQueries {
    /** Every version of every model that has a descriptor, a verdict, or scores. */
    SortedSet<VersionKey> versions();

    Optional<ModelDescriptor> descriptor(VersionKey version);

    Optional<ModelVersion> verdict(VersionKey version);

    Optional<Readiness> readiness(VersionKey version);

    /** The last one published. */
    Optional<Recommendation> recommendation(VersionKey version);

    /** The latest score of each shard of a version. */
    List<Expressiveness> scores(VersionKey version);
}
