package io.espalier.surgery;

import java.util.Map;

/**
 * The length of one tensor dimension as a function of what is kept:
 * {@code (fixed + sum of perUnit[group] * kept[group]) / divisor}.
 *
 * @param perUnit indices of this dimension that one unit of a group covers, times {@code divisor}
 * @param divisor 1 or more; above 1 where a dimension holds the units of one block only, as the second of a grouped
 *     convolution's weight does, and so the length is whole for every plan that keeps the blocks even
 */
public record Extent(long fixed, Map<String, Integer> perUnit, int divisor) {
    public Extent {
        perUnit = Map.copyOf(perUnit);
        if (divisor < 1) {
            throw new IllegalArgumentException("an extent's divisor must be 1 or more, not " + divisor);
        }
    }

    /**
     * The length when {@code kept.get(group)} units of each group remain; every group in {@link #perUnit} must be there.
     *
     * @throws IllegalArgumentException when a group is missing, or the length would not be whole
     */
    public long length(Map<String, Integer> kept) {
        long indices = fixed;
        for (Map.Entry<String, Integer> entry : perUnit.entrySet()) {
            Integer units = kept.get(entry.getKey());
            if (units == null) {
                throw new IllegalArgumentException("no count of kept units for group " + entry.getKey());
            }
            indices += (long) entry.getValue() * units;
        }
        if (indices % divisor != 0) {
            throw new IllegalArgumentException(indices + " indices of groups " + perUnit.keySet()
                    + " are no multiple of " + divisor + ": keep equally many units of every block");
        }
        return indices / divisor;
    }
}
