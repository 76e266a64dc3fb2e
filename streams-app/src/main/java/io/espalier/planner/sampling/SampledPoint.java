package io.espalier.planner.sampling;

/**
 * A capture point as it is sampled now.
 *
 * @param name of the capture point
 * @param samples in its window
 * @param needed how many are expected to be enough
 * @param filled share of the window's time that has passed since it began, in [0, 1]
 * @param drifting whether its traffic is no longer what a standing recommendation was made on
 * @param fullSpeed samples a second that would arrive of it at a rate of 1; 0 while that is not known
 * @param rate at which it is sampled now, above 0 and at most 1
 * @param bytesPerSample that it takes to publish one
 */
public record SampledPoint(
        String name,
        long samples,
        long needed,
        double filled,
        boolean drifting,
        double fullSpeed,
        double rate,
        double bytesPerSample) {
    /**
     * Whether all samples are wanted. Once they are, until there are {@code margin} times as many as needed: a cut that was
     * just decided may not be with the next sample.
     */
    boolean isWanted(double margin) {
        double enough = rate < 1 ? needed : margin * needed;
        return drifting || samples < enough;
    }
}
