package io.espalier.benchmarks.drift;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Window;
import io.espalier.protocol.score.ClosedPanes;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Panes of traffic that stays as it is: 30 units that fire at 0.02 to 0.5, and a window of 20 panes of 60 samples. */
final class StationaryTraffic {
    static final int UNITS = 30;
    static final int PANES = 20;
    static final long PANE_MS = 60_000;
    private static final int SAMPLES = 60;
    private static final ShardKey SHARD = new ShardKey("m", "1", "relu", 0);

    /** How units and samples hang together. */
    enum Kind {
        /** Not at all. */
        INDEPENDENT,
        /** Half of what a unit does is decided for all units of a sample at once. */
        TOGETHER,
        /** All rates of a pane are up to 30 % higher or lower than in others. */
        PANES_DIFFER
    }

    private final SplittableRandom random;
    private final Kind kind;
    private final double[] rates = IntStream.range(0, UNITS)
            .mapToDouble(unit -> 0.02 + 0.48 * unit / (UNITS - 1))
            .toArray();
    private final Deque<PaneStatistics> window = new ArrayDeque<>();

    StationaryTraffic(long seed, Kind kind) {
        this.random = new SplittableRandom(seed);
        this.kind = kind;
    }

    /** The record after so many panes more. */
    Expressiveness after(int panes) {
        for (int pane = 1; pane < panes; pane++) {
            add();
        }
        return next();
    }

    /** A pane more, and the record as the service publishes it. */
    Expressiveness next() {
        add();
        List<PaneStatistics> closed = window.stream().limit(window.size() - 1L).toList();
        Window span = new Window(0, PANE_MS * window.size(), window.size());
        return ClosedPanes.of(closed)
                .map(earlier -> earlier.with(window.getLast(), SHARD, span))
                .orElseGet(() -> new WindowRecord(window).of(SHARD, span));
    }

    /** The lowest sixth takes the rates of the highest, and that theirs: a third of the units. */
    void swapAThird() {
        for (int unit = 0; unit < UNITS / 6; unit++) {
            double low = rates[unit];
            rates[unit] = rates[UNITS - 1 - unit];
            rates[UNITS - 1 - unit] = low;
        }
    }

    private void add() {
        double level = kind == Kind.PANES_DIFFER ? 0.7 + 0.6 * random.nextDouble() : 1;
        BatchBuilder batch = new BatchBuilder(SHARD, UNITS, 1, "p");
        for (int sample = 0; sample < SAMPLES; sample++) {
            double common = random.nextDouble();
            float[] values = new float[UNITS];
            for (int unit = 0; unit < UNITS; unit++) {
                boolean shared = kind == Kind.TOGETHER && random.nextInt(2) == 0;
                values[unit] = (shared ? common : random.nextDouble()) < level * rates[unit] ? 1 : 0;
            }
            batch.add(values, 0);
        }
        PaneStatistics pane = PaneStatistics.create(UNITS, 1);
        pane.add(batch.build());
        window.addLast(pane);
        if (window.size() > PANES) {
            window.removeFirst();
        }
    }
}
