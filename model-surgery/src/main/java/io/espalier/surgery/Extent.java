package io.espalier.surgery;

import java.util.Map;

/**
 * The length of one tensor dimension as a function of what is kept: {@code fixed + sum of perUnit[group] * kept[group]}.
 *
 * @param perUnit indices of this dimension that one unit of a group covers
 */
public record Extent(long fixed, Map<String, Integer> perUnit) {
    public Extent {
        perUnit = Map.copyOf(perUnit);
    }

    /** The length when {@code kept.get(group)} units of each group remain; every group in {@link #perUnit} must be there. */
    public long length(Map<String, Integer> kept) {
        long length = fixed;
        for (Map.Entry<String, Integer> entry : perUnit.entrySet()) {
            Integer units = kept.get(entry.getKey());
            if (units == null) {
                throw new IllegalArgumentException("no count of kept units for group " + entry.getKey());
            }
            length += (long) entry.getValue() * units;
        }
        return length;
    }
}
