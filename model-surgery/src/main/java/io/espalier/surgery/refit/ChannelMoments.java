package io.espalier.surgery.refit;

import java.util.Arrays;

/**
 * Per channel, sums over observations of what a norm reads and of what it should give: its mean and variance, and the error
 * of any norm, follow from them. Adding two states is adding the numbers.
 */
public final class ChannelMoments {
    private final double[] x;
    private final double[] xx;
    private final double[] y;
    private final double[] yy;
    private final double[] xy;
    private long observations;

    public ChannelMoments(int channels) {
        x = new double[channels];
        xx = new double[channels];
        y = new double[channels];
        yy = new double[channels];
        xy = new double[channels];
    }

    /** Adds one observation of all channels, with more to come for {@link #count}. */
    public void add(int channel, double read, double wanted) {
        x[channel] += read;
        xx[channel] += read * read;
        y[channel] += wanted;
        yy[channel] += wanted * wanted;
        xy[channel] += read * wanted;
    }

    /** Notes how many observations of each channel were added. */
    public void count(long added) {
        observations += added;
    }

    public double[] means() {
        return Arrays.stream(x).map(sum -> sum / observations).toArray();
    }

    /** Over observations, not corrected for their number, as norms use it. */
    public double[] variances() {
        double[] means = means();
        double[] variances = new double[x.length];
        Arrays.setAll(variances, c -> Math.max(0, xx[c] / observations - means[c] * means[c]));
        return variances;
    }

    /**
     * Mean over observations of the squared error, summed over channels, of giving {@code factor x + term}.
     *
     * @param factors one per channel
     * @param terms one per channel
     */
    public double error(double[] factors, double[] terms) {
        double sum = 0;
        for (int c = 0; c < x.length; c++) {
            double a = factors[c];
            double b = terms[c];
            sum += a * a * xx[c] + b * b * observations + yy[c] + 2 * (a * b * x[c] - a * xy[c] - b * y[c]);
        }
        return sum / observations;
    }
}
