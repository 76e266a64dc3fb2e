package io.espalier.protocol.score;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Sums of the products of any two units, over samples and positions: with the sums of the units alone, all that a linear
 * regression of one unit on the others needs. In double; order may show in the last bits.
 *
 * <p>Kept as the upper triangle with its diagonal, row by row, so the size is half the square of the units.
 */
public final class ProductSums {
    /** Most units of a shard whose products are published: their triangle takes 257 KiB then, half of a message. */
    public static final int MAX_PUBLISHED_UNITS = 256;

    /** Positions that are added in one run through the triangle, which is larger than the caches that matter. */
    private static final int BLOCK = 4;

    private final int units;
    private final double[] triangle;
    private final double[][] rows;

    /** Sums of nothing. */
    public ProductSums(int units) {
        this.units = units;
        this.triangle = new double[size(units)];
        this.rows = new double[BLOCK][units];
    }

    /** Numbers that the triangle of so many units takes. */
    public static int size(int units) {
        return Math.toIntExact((long) units * (units + 1) / 2);
    }

    public int units() {
        return units;
    }

    /**
     * Adds one sample.
     *
     * @param values finite, row-major [units][positions], from {@code start} on
     */
    public void add(float[] values, int start, int positions) {
        for (int first = 0; first < positions; first += BLOCK) {
            for (int b = 0; b < BLOCK; b++) {
                int position = first + b;
                for (int unit = 0; unit < units; unit++) {
                    rows[b][unit] = position < positions ? values[start + unit * positions + position] : 0;
                }
            }
            addRows();
        }
    }

    private void addRows() {
        double[] a = rows[0];
        double[] b = rows[1];
        double[] c = rows[2];
        double[] d = rows[3];
        int shift = 0;
        for (int u = 0; u < units; u++) {
            double au = a[u];
            double bu = b[u];
            double cu = c[u];
            double du = d[u];
            // Many activations are zero, and then so are their products.
            if (au != 0 || bu != 0 || cu != 0 || du != 0) {
                for (int v = u; v < units; v++) {
                    triangle[shift + v] += au * a[v] + bu * b[v] + cu * c[v] + du * d[v];
                }
            }
            shift += units - u - 1;
        }
    }

    /** Adds sums by their place in the triangle. */
    public void add(IntToDoubleFunction sums) {
        for (int i = 0; i < triangle.length; i++) {
            triangle[i] += sums.applyAsDouble(i);
        }
    }

    /** Adds the sums of {@code other}, of as many units. */
    public void merge(ProductSums other) {
        if (other.units != units) {
            throw new IllegalArgumentException(
                    "products of " + other.units + " units cannot be added to those of " + units);
        }
        add(i -> other.triangle[i]);
    }

    /** A copy of the triangle. */
    public double[] triangle() {
        return triangle.clone();
    }

    /** Back to sums of nothing. */
    public void clear() {
        Arrays.fill(triangle, 0);
    }
}
