package io.espalier.cli.compare;

import java.util.List;
import java.util.Locale;

/** What runs are compared by: the most telling of what is known of all of them. */
public enum Measure {
    ACCURACY,
    AGREEMENT,
    /** Of models that give no classes; the lower the better. */
    DIVERGENCE;

    static Measure of(List<Run> runs) {
        return ACCURACY.isKnownOf(runs) ? ACCURACY : AGREEMENT.isKnownOf(runs) ? AGREEMENT : DIVERGENCE;
    }

    private boolean isKnownOf(List<Run> runs) {
        return !runs.isEmpty() && runs.stream().allMatch(run -> figure(run) != null);
    }

    double of(Run run) {
        return figure(run);
    }

    /** Null where it is not known. */
    private Double figure(Run run) {
        return switch (this) {
            case ACCURACY -> run.accuracy();
            case AGREEMENT -> run.agreement();
            case DIVERGENCE -> run.divergence();
        };
    }

    /** What the whole model has; {@code accuracy} as measured, or null. */
    double ofOriginal(Double accuracy) {
        return switch (this) {
            case ACCURACY -> accuracy;
            case AGREEMENT -> 1;
            case DIVERGENCE -> 0;
        };
    }

    boolean isShare() {
        return this != DIVERGENCE;
    }

    String text(double value) {
        return isShare() ? percent(value) : String.format(Locale.ROOT, "%.4f", value);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%5.1f %%", 100 * share);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
