package io.espalier.streams.metrics;

import io.espalier.planner.drift.Drift;
import io.espalier.protocol.VersionKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;

/** How traffic compares with that of the standing recommendation, and what was taken back or is regretted. */
public final class DriftMeters {
    public static final String RANK_CORRELATION = "espalier.drift.rank.correlation";
    public static final String CHANGED_UNITS = "espalier.drift.changed.units";
    public static final String DRIFTED = "espalier.drifted";
    public static final String WITHDRAWALS = "espalier.withdrawals";
    public static final String REGRETTED_UNITS = "espalier.regretted.units";

    private final GaugeFamily rankCorrelation;
    private final GaugeFamily changedUnits;
    private final GaugeFamily drifted;
    private final GaugeFamily regretted;
    private final Counter withdrawals;

    public DriftMeters(MeterRegistry registry) {
        rankCorrelation = new GaugeFamily(
                registry,
                RANK_CORRELATION,
                "Spearman's correlation of the scores with those the last recommendation was made on",
                WindowMeters.CAPTURE_POINT);
        changedUnits = new GaugeFamily(
                registry,
                CHANGED_UNITS,
                "Units whose score changed since the last recommendation, beyond chance",
                WindowMeters.CAPTURE_POINT);
        drifted = new GaugeFamily(
                registry, DRIFTED, "1 from a withdrawal for drift until windows hold new traffic alone, else 0");
        regretted = new GaugeFamily(
                registry, REGRETTED_UNITS, "Units that this version lacks and that came back in its parent");
        withdrawals = Counter.builder(WITHDRAWALS)
                .description("Recommendations withdrawn")
                .register(registry);
    }

    public void compared(VersionKey version, String capturePoint, Drift drift) {
        rankCorrelation.set(version, capturePoint, drift.rankCorrelation());
        changedUnits.set(version, capturePoint, drift.changedUnits());
    }

    /** Only these capture points of a version still have a window to compare. */
    public void keepOnly(VersionKey version, Set<String> capturePoints) {
        rankCorrelation.keepOnlyParts(version, capturePoints);
        changedUnits.keepOnlyParts(version, capturePoints);
    }

    /** {@code isDrifting}: whether the traffic left a recommendation behind, and windows hold some of what was before. */
    public void drifting(VersionKey version, boolean isDrifting) {
        drifted.set(version, isDrifting ? 1 : 0);
    }

    public void withdrawn() {
        withdrawals.increment();
    }

    public void regretted(VersionKey version, int units) {
        regretted.set(version, units);
    }

    /** A version that does not serve lacks nothing. */
    public void notServing(VersionKey version) {
        regretted.forget(version);
    }

    void forget(VersionKey version) {
        rankCorrelation.forget(version);
        changedUnits.forget(version);
        drifted.forget(version);
        regretted.forget(version);
    }
}
