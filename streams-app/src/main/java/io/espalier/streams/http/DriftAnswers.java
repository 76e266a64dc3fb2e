package io.espalier.streams.http;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.query.ModelQueries;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the API says of how the traffic compares with that of the standing recommendation, from this instance. */
final class DriftAnswers {
    private final ModelQueries queries;
    private final ModelAnswers versions;
    private final PointAnswers points;

    DriftAnswers(ModelQueries queries, ModelAnswers versions, PointAnswers points) {
        this.queries = queries;
        this.versions = versions;
        this.points = points;
    }

    /** The versions of a model that have a recommendation, or had one that was withdrawn. */
    Iterator<Named> versions(String model, String after) {
        return versions.known(model, after, this::version);
    }

    /** Of one version, the capture points that can be compared, in the order of the descriptor. */
    Iterator<Named> points(String model, String version, String after) {
        ModelDescriptor descriptor = points.descriptor(model, version);
        return compared(descriptor.key(), PointAnswers.after(descriptor.capturePoints(), CapturePoint::name, after))
                .map(point -> new Named(point.capturePoint(), () -> point))
                .iterator();
    }

    private Optional<Views.Drift> version(VersionKey version) {
        return queries.recommendation(version).map(last -> drift(version, last));
    }

    private Views.Drift drift(VersionKey version, Recommendation last) {
        List<Views.PointDrift> compared = queries.descriptor(version)
                .map(descriptor ->
                        compared(version, descriptor.capturePoints().stream()).toList())
                .orElse(List.of());
        return last.withdraws() == null
                ? new Views.Drift(version.version(), last.id(), false, null, compared)
                : new Views.Drift(
                        version.version(),
                        last.withdraws().recommendation(),
                        true,
                        last.withdraws().reason(),
                        compared);
    }

    private Stream<Views.PointDrift> compared(VersionKey version, Stream<CapturePoint> of) {
        return of.flatMap(point -> queries.drift(version, point).stream()
                .map(drift -> new Views.PointDrift(
                        point.name(), point.units(), drift.changedUnits(), drift.drifted(), drift.rankCorrelation())));
    }
}
