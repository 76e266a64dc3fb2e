package io.espalier.planner.drift;

import io.espalier.protocol.record.Expressiveness;
import java.time.Duration;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Tells whether the units of a capture point behave otherwise than in the window that a plan was made on.
 *
 * <p>A unit has changed when its score is further from the old one than both standard errors explain, and by more than a
 * margin: with many samples the least change is beyond doubt, and of no consequence. The capture point has drifted when
 * enough of its units have. How far is too far follows from how long it should take until there is a false alarm: each pane is
 * one look, so that a run of T holds T / pane looks at each of n units, and a unit may pass by chance in one of them all,
 * with a probability of {@code pane / (T n)} a look (Bonferroni's bound, which holds however the units hang together and
 * however much the windows overlap). The quantile is that of Student's distribution for the panes of the window.
 */
public final class DriftDetector {
    private final DriftSettings settings;
    private final double looks;

    /** {@code pane}: time between two looks. */
    public DriftDetector(DriftSettings settings, Duration pane) {
        this.settings = settings;
        this.looks = Math.max(1, (double) settings.runLength().toMillis() / pane.toMillis());
    }

    /**
     * Compares.
     *
     * @param then the capture point in the window that a plan was made on
     * @param now the same in the present window
     * @return what changed; nothing when either has no score or no error yet, or their units are not the same
     */
    public Drift compare(Expressiveness then, Expressiveness now) {
        if (then.standardError() == null || now.standardError() == null || then.units() != now.units()) {
            return Drift.NONE;
        }
        int panes = Math.min(then.window().panes(), now.window().panes());
        if (panes < 2) {
            return Drift.NONE;
        }
        int units = now.units();
        double quantile = TDistribution.of(panes - 1).inverseSurvivalProbability(1 / (2 * looks * units));
        int changed = 0;
        for (int unit = 0; unit < units; unit++) {
            double change = Math.abs(now.score()[unit] - then.score()[unit]) - settings.minChange();
            double error = Math.hypot(then.standardError()[unit], now.standardError()[unit]);
            if (change > quantile * error && change > 0) {
                changed++;
            }
        }
        boolean drifted = changed > 0 && changed >= settings.minUnits() * units;
        return new Drift(drifted, changed, RankCorrelation.of(then.score(), now.score()));
    }
}
