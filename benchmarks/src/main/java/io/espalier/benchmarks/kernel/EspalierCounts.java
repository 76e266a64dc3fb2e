package io.espalier.benchmarks.kernel;

import io.espalier.protocol.score.OverlapCounters;

/** Ours, as the topology uses them: positions are full words here, so that all contenders read the same bytes. */
final class EspalierCounts implements PositionCounts {
    private final OverlapCounters counters;

    EspalierCounts(int bits) {
        counters = OverlapCounters.create(bits / OverlapCounters.MAX_POSITIONS, OverlapCounters.MAX_POSITIONS);
    }

    @Override
    public void add(byte[] codes, int samples) {
        counters.add(codes, samples);
    }

    @Override
    public int[] counts() {
        return counters.counts();
    }
}
