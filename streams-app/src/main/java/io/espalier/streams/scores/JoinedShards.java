package io.espalier.streams.scores;

import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Errors;
import io.espalier.protocol.record.Expressiveness.Interval;
import io.espalier.protocol.record.Expressiveness.Redundancy;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The scores of a whole capture point, its shards put one after the other. */
public final class JoinedShards {
    private JoinedShards() {}

    /** Empty while a shard is missing or has no score; windows and samples are those that hold for all shards. */
    public static Optional<Expressiveness> of(CapturePoint point, List<Expressiveness> scores) {
        List<Expressiveness> shards = scores.stream()
                .filter(shard -> shard.capturePoint().equals(point.name()) && shard.score() != null)
                .sorted(Comparator.comparingInt(Expressiveness::firstUnit))
                .toList();
        if (!follow(shards, point.units())) {
            return Optional.empty();
        }
        Expressiveness first = shards.get(0);
        return Optional.of(new Expressiveness(
                first.model(),
                first.version(),
                first.capturePoint(),
                0,
                point.units(),
                first.positions(),
                window(shards),
                shards.stream().mapToLong(Expressiveness::samples).min().orElseThrow(),
                joined(shards, Expressiveness::score),
                joined(shards, Expressiveness::standardError),
                joined(shards, Expressiveness::mean),
                joined(shards, Expressiveness::variance),
                joined(shards, Expressiveness::zeroShare),
                // Within a part of the units, it is about that part.
                shards.size() == 1 ? first.residualVariance() : null,
                interval(shards),
                errors(shards),
                redundancy(shards)));
    }

    /** Adding up is not enough: of a capture point that was sharded anew, shards of both kinds may be known. */
    private static boolean follow(List<Expressiveness> shards, int units) {
        int next = 0;
        for (Expressiveness shard : shards) {
            if (shard.firstUnit() != next) {
                return false;
            }
            next += shard.units();
        }
        return next == units;
    }

    private static Window window(List<Expressiveness> shards) {
        List<Window> windows = shards.stream().map(Expressiveness::window).toList();
        return new Window(
                windows.stream().mapToLong(Window::startMs).min().orElseThrow(),
                windows.stream().mapToLong(Window::endMs).max().orElseThrow(),
                windows.stream().mapToInt(Window::panes).max().orElseThrow());
    }

    private static Interval interval(List<Expressiveness> shards) {
        return shards.stream().allMatch(shard -> shard.interval() != null)
                ? new Interval(
                        joined(shards, shard -> shard.interval().lower()),
                        joined(shards, shard -> shard.interval().upper()))
                : null;
    }

    private static Errors errors(List<Expressiveness> shards) {
        return shards.stream().allMatch(shard -> shard.errors() != null)
                ? new Errors(
                        joined(shards, shard -> shard.errors().variance()),
                        joined(shards, shard -> shard.errors().zeroShare()))
                : null;
    }

    /** Of units of different shards nothing is known: their codes come in different records. */
    private static Redundancy redundancy(List<Expressiveness> shards) {
        return shards.stream().allMatch(shard -> shard.redundancy() != null)
                ? new Redundancy(
                        shards.stream()
                                .mapToLong(shard -> shard.redundancy().samples())
                                .min()
                                .orElseThrow(),
                        shards.stream()
                                .flatMap(shard -> shard.redundancy().duplicates().stream())
                                .toList())
                : null;
    }

    /** Null where a shard has none. */
    private static double[] joined(List<Expressiveness> shards, Function<Expressiveness, double[]> values) {
        return shards.stream().allMatch(shard -> values.apply(shard) != null)
                ? shards.stream().map(values).flatMapToDouble(Arrays::stream).toArray()
                : null;
    }
}
