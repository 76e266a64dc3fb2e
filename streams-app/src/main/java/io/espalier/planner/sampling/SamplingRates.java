package io.espalier.planner.sampling;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of each capture point is wanted: all of it where its cut is undecided or its traffic drifts, and where it is
 * decided as much as keeps it so. Pure.
 *
 * <p>A window that is to hold n samples always takes n / window of them a second. That much and half as much again is asked
 * for, rounded up to a power of two, so that a directive does not change with every sample. In a young window nothing runs
 * out yet: there a floor is enough, at which drift is still seen, until two thirds of the window are left to make up for what
 * was counted at its start. While it is not known how fast samples come, as after a restart, a decided point is left as it is. No rate is below the floor. Where all that comes to more than a version's budget of bytes, everything above the floor is
 * scaled down alike.
 */
public final class SamplingRates {
    private static final double MARGIN = 1.5;

    /** From here on the margin makes up for what expires: 2 / 3 of 1.5 times is all. */
    private static final double YOUNG = 1.0 / 3;

    private final Duration window;
    private final double floor;
    private final double bytesPerSecond;

    /**
     * Sets the bounds.
     *
     * @param floor lowest rate of a capture point, above 0 and at most 1
     * @param bytesPerSecond that the activations of a version may take
     */
    public SamplingRates(Duration window, double floor, double bytesPerSecond) {
        this.window = window;
        this.floor = floor;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Per capture point, from the floor to 1. */
    public Map<String, Double> of(List<SampledPoint> points) {
        Map<String, Double> wanted = new TreeMap<>();
        for (SampledPoint point : points) {
            wanted.put(point.name(), point.isWanted(MARGIN) ? 1 : lasting(point));
        }
        double low = 0;
        double high = 1;
        if (bytes(points, wanted, high) <= bytesPerSecond) {
            return wanted;
        }
        for (int step = 0; step < 40; step++) {
            double middle = (low + high) / 2;
            if (bytes(points, wanted, middle) <= bytesPerSecond) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double scale = low;
        wanted.replaceAll((name, rate) -> scaled(rate, scale));
        return wanted;
    }

    private double lasting(SampledPoint point) {
        if (point.filled() < YOUNG) {
            return floor;
        }
        if (point.fullSpeed() == 0) {
            return point.rate();
        }
        double perSecond = MARGIN * point.needed() / window.toSeconds();
        double rate = perSecond / point.fullSpeed();
        double rounded = Math.pow(2, Math.ceil(Math.log(rate) / Math.log(2)));
        return Math.max(floor, Math.min(1, rounded));
    }

    private double scaled(double rate, double scale) {
        return Math.max(floor, rate * scale);
    }

    private double bytes(List<SampledPoint> points, Map<String, Double> wanted, double scale) {
        return points.stream()
                .mapToDouble(
                        point -> scaled(wanted.get(point.name()), scale) * point.fullSpeed() * point.bytesPerSample())
                .sum();
    }
}
