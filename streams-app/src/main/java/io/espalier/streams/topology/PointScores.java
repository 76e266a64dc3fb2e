package io.espalier.streams.topology;

import io.espalier.planner.PointScore;
import io.espalier.protocol.record.Expressiveness;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Puts the shards of a capture point together. */
final class PointScores {
    private PointScores() {}

    /**
     * The scores of a whole capture point; empty unless its shards, each with a score, follow one another from unit 0 to
     * {@code units}. Its samples are those of the shard that has seen the fewest.
     */
    static Optional<PointScore> join(List<Expressiveness> shards, int units) {
        double[] joined = new double[units];
        int next = 0;
        long samples = Long.MAX_VALUE;
        for (Expressiveness shard : inOrder(shards)) {
            if (shard.firstUnit() != next || shard.score() == null || next + shard.units() > units) {
                return Optional.empty();
            }
            System.arraycopy(shard.score(), 0, joined, next, shard.units());
            next += shard.units();
            samples = Math.min(samples, shard.samples());
        }
        return next == units ? Optional.of(new PointScore(samples, joined)) : Optional.empty();
    }

    private static List<Expressiveness> inOrder(List<Expressiveness> shards) {
        return shards.stream()
                .sorted(Comparator.comparingInt(Expressiveness::firstUnit))
                .toList();
    }
}
