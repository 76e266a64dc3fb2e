package io.espalier.planner.sampling;

/**
 * How many samples a second would arrive of a capture point at a rate of 1, from those that did arrive at the rates it had.
 * What lies back counts less. At a low rate often nothing arrives, and that alone says little.
 */
public final class FullSpeed {
    /** A tenth of what is known is forgotten each minute: batches of a low rate are that far apart. */
    private static final double KEPT = 0.9;

    private static final double MINUTE = 60;

    private double arrived;
    private double seconds;

    /** Takes in that {@code samples} arrived in {@code time} seconds at {@code rate}. */
    public void observe(double samples, double rate, double time) {
        double kept = Math.pow(KEPT, time / MINUTE);
        arrived = kept * arrived + samples;
        seconds = kept * seconds + rate * time;
    }

    /** 0 while nothing has arrived. */
    public double perSecond() {
        return arrived > 0 ? arrived / seconds : 0;
    }
}
