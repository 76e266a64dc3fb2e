package io.espalier.protocol.score;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Expressiveness.Redundancy;
import io.espalier.protocol.record.Expressiveness.Window;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The panes of a window that no batch is counted into for the moment, taken together once, so that a record takes the time of
 * two panes and not of all. The score is of all samples to the last bit; how far it can be trusted is taken from the spread of
 * the closed panes, and said for as many samples as there are with the newest. Duplicates are those of the closed panes.
 */
public final class ClosedPanes {
    private final PaneStatistics whole;
    private final Uncertainty spread;
    private final Optional<Redundancy> redundancy;

    private ClosedPanes(PaneStatistics whole, List<PaneStatistics> panes) {
        this.whole = whole;
        BitCounts counts = BitCounts.of(whole.counters());
        this.spread = Uncertainty.of(panes, counts);
        this.redundancy = NearDuplicates.of(panes, counts);
    }

    /**
     * Takes panes together.
     *
     * @param panes of equal units and positions; they stay as they are
     * @return empty while too few have samples to say how far they lie apart
     */
    public static Optional<ClosedPanes> of(Collection<PaneStatistics> panes) {
        List<PaneStatistics> filled =
                panes.stream().filter(pane -> pane.counters().samples() > 0).toList();
        return filled.size() < EffectiveSamples.LEAST_PANES
                ? Optional.empty()
                : Optional.of(new ClosedPanes(PaneStatistics.merged(filled), filled));
    }

    /** Samples of these panes. */
    public long samples() {
        return whole.counters().samples();
    }

    /** The record of these panes and the newest one. */
    public Expressiveness with(PaneStatistics newest, ShardKey shard, Window window) {
        PaneStatistics all = PaneStatistics.merged(List.of(whole, newest));
        return new WindowRecord(all, spread.scaledTo(all.counters().samples()), redundancy).of(shard, window);
    }
}
