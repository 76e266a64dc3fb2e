package io.espalier.protocol.record;

import java.util.List;
import java.util.Map;

/**
 * A share of a model's cost, as a function of the units kept: {@code scale * product(extents)}. A convolution's
 * multiply-accumulates, say, are {@code kernel * output positions} times its output channels times its input channels.
 */
public record CostTerm(String layer, long scale, List<Extent> extents) {
    public CostTerm {
        extents = Required.list("extents", extents);
    }

    /**
     * The cost when {@code kept} units of each group are kept.
     *
     * @throws IllegalArgumentException when {@code kept} lacks a group that this term depends on
     */
    public long count(Map<String, Integer> kept) {
        long count = scale;
        for (Extent extent : extents) {
            count = Math.multiplyExact(count, extent.size(kept));
        }
        return count;
    }

    /** The cost of all {@code terms} together. */
    public static long total(List<CostTerm> terms, Map<String, Integer> kept) {
        return terms.stream().mapToLong(term -> term.count(kept)).sum();
    }

    /**
     * The size of one dimension: {@code fixed + sum over groups of perUnit * kept units}.
     *
     * @param perUnit indices that one unit of a group takes: 1, or the positions of a channel that was flattened
     */
    public record Extent(long fixed, Map<String, Integer> perUnit) {
        public Extent {
            perUnit = perUnit == null ? Map.of() : Map.copyOf(perUnit);
        }

        long size(Map<String, Integer> kept) {
            long size = fixed;
            for (Map.Entry<String, Integer> group : perUnit.entrySet()) {
                Integer units = kept.get(group.getKey());
                if (units == null) {
                    throw new IllegalArgumentException("nothing is said of group " + group.getKey());
                }
                size += (long) group.getValue() * units;
            }
            return size;
        }
    }
}
