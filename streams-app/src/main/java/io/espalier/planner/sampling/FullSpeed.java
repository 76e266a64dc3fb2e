package io.espalier.planner.sampling;

/**
 * How many samples a second would arrive of a capture point at a rate of 1, from those that did arrive at the rates it had.
 * What lies back counts less. At a low rate often nothing arrives, and that alone says little.
 */
public final class FullSpeed {
    /** A tenth of what is known is forgotten with each observation. */
    private static final double KEPT = 0.9;

    private double arrived;
    private double seconds;

    /** Takes in that {@code samples} arrived in {@code time} seconds at {@code rate}. */
    public void observe(long samples, double rate, double time) {
        arrived = KEPT * arrived + samples;
        seconds = KEPT * seconds + rate * time;
    }

    /** 0 while nothing has arrived. */
    public double perSecond() {
        return arrived > 0 ? arrived / seconds : 0;
    }
}
