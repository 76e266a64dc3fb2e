package io.espalier.protocol.record;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
     * @throws IllegalArgumentException when {@code kept} lacks a group that this term depends on, or keeps more of one of
     *     its blocks than of another
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
     * The size of one dimension: {@code (fixed + sum over groups of perUnit * kept units) / divisor}.
     *
     * @param perUnit indices that one unit of a group takes, times {@code divisor}: 1, or the positions of a channel that
     *     was flattened
     * @param divisor 1 or more, absent in JSON when 1; above 1 where a dimension holds the units of one block only
     */
    public record Extent(
            long fixed,
            Map<String, Integer> perUnit,

            @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = OneIsLeftOut.class)
            int divisor) {
        public Extent {
            perUnit = perUnit == null ? Map.of() : Map.copyOf(perUnit);
            Required.atLeastOne("field 'extents.divisor'", divisor);
        }

        @JsonCreator
        static Extent read(
                @JsonProperty("fixed") long fixed,
                @JsonProperty("per_unit") Map<String, Integer> perUnit,
                @JsonProperty("divisor") Integer divisor) {
            return new Extent(fixed, perUnit, divisor == null ? 1 : divisor);
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
            if (size % divisor != 0) {
                throw new IllegalArgumentException(size + " indices of groups " + perUnit.keySet()
                        + " are no multiple of " + divisor + ": keep equally many units of every block");
            }
            return size / divisor;
        }
    }

    /** Jackson leaves out the values that this equals. */
    @SuppressWarnings("unused") // Made by Jackson, by its class.
    private static final class OneIsLeftOut {
        @Override
        public boolean equals(Object value) {
            return Integer.valueOf(1).equals(value);
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }
}
