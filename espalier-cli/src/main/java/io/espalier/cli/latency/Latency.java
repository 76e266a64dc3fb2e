package io.espalier.cli.latency;

/**
 * What a target of latency came to.
 *
 * @param target share of the time to keep
 * @param predicted share by the times of the single layers
 * @param measured share of the whole models: {@code afterMs / beforeMs}
 * @param beforeMs least time of a call of the original, in milliseconds
 * @param afterMs the same of the smaller one, measured in turns with it
 * @param jitter median over least time of the original's calls: 1 on a quiet machine, and the larger, the less the times
 *     are worth
 */
public record Latency(
        double target, double predicted, double measured, double beforeMs, double afterMs, double jitter) {
    /** How far a measurement may miss its target: what two runs of one model differ by on a quiet machine. */
    private static final double TOLERANCE = 0.05;
    /** How much faster than asked a model may be before a smaller cut is tried: widths come in steps. */
    private static final double STEP = 0.15;

    /** Whether the model is as fast as was asked, within 5 %. */
    public boolean isReached() {
        return measured <= target * (1 + TOLERANCE);
    }

    /** Whether it is also not much faster than asked, for it was cut further than needed then. */
    boolean isClose() {
        return isReached() && measured >= target * (1 - STEP);
    }
}
