package io.espalier.streams.http;

import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.Readiness;
import io.espalier.streams.query.ModelQueries;
import io.espalier.streams.scores.UnitSlice;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the API says of the capture points of a version, from this instance, in the order of the descriptor. */
final class PointAnswers {
    private final ModelQueries queries;

    PointAnswers(ModelQueries queries) {
        this.queries = queries;
    }

    /** Of one version, the capture points as a list. */
    Iterator<Named> readiness(String model, String version, String after) {
        VersionKey key = registered(model, version);
        List<Readiness.Point> points =
                queries.readiness(key).map(Readiness::capturePoints).orElseThrow(() -> notRegistered(model, version));
        return after(points, Readiness.Point::name, after)
                .map(point -> new Named(point.name(), () -> point))
                .iterator();
    }

    Iterator<Named> layers(String model, String version, String after) {
        ModelDescriptor descriptor = descriptor(model, version);
        return after(descriptor.capturePoints(), CapturePoint::name, after)
                .map(point -> new Named(point.name(), () -> layer(descriptor, point)))
                .iterator();
    }

    /** The scores of a whole capture point, its shards put together, to take units from. */
    LayerUnits layer(String model, String version, String name) {
        ModelDescriptor descriptor = descriptor(model, version);
        CapturePoint point = descriptor
                .capturePoint(name)
                .orElseThrow(() -> new NotKnownException(
                        "capture point '" + name + "' of " + descriptor.key() + " is not known: see .../layers"));
        return queries.window(descriptor.key(), point)
                .map(LayerUnits::new)
                .orElseThrow(() -> new NotKnownException("capture point '" + name + "' of " + descriptor.key()
                        + " has no score yet: see /api/models/" + model + "/readiness"));
    }

    record LayerUnits(Expressiveness all) {
        int count() {
            return all.units();
        }

        Expressiveness scores(UnitRange range) {
            return UnitSlice.of(all, range.first(), range.last());
        }
    }

    private Views.Layer layer(ModelDescriptor descriptor, CapturePoint point) {
        Optional<Expressiveness> score = queries.window(descriptor.key(), point);
        return new Views.Layer(
                point.name(),
                point.group(),
                point.units(),
                point.positions(),
                score.map(Expressiveness::samples).orElse(0L),
                score.map(known -> Arrays.stream(known.score()).average().orElseThrow())
                        .orElse(null));
    }

    /** The descriptor of a version, which has to be registered. */
    ModelDescriptor descriptor(String model, String version) {
        return queries.descriptor(registered(model, version)).orElseThrow(() -> notRegistered(model, version));
    }

    private VersionKey registered(String model, String version) {
        NotKnownException.requireKnown(queries, model);
        try {
            return new VersionKey(model, version);
        } catch (IllegalArgumentException e) {
            throw notRegistered(model, version);
        }
    }

    private static NotKnownException notRegistered(String model, String version) {
        return new NotKnownException(
                "version '" + model + "@" + version + "' is not registered: see /api/models/" + model + "/versions");
    }

    /** Those of a list that come after the one named, in the order of the list. */
    static <T> Stream<T> after(List<T> list, Function<T, String> name, String after) {
        if (after.isEmpty()) {
            return list.stream();
        }
        int index = list.stream().map(name).toList().indexOf(after);
        if (index < 0) {
            throw new NotKnownException("capture point '" + after + "' is not known: begin without ?after");
        }
        return list.stream().skip(index + 1L);
    }
}
