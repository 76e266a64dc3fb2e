package io.espalier.planner;

import io.espalier.protocol.record.ModelDescriptor.Group;
import io.espalier.protocol.record.Policy.Limits;
import java.math.BigInteger;

/**
 * How many units a group keeps, once the limits had their say: always at least as many as asked for.
 *
 * <p>A group in B blocks keeps equally many of each, so its count is a multiple of B; under a limit of multiples of m it is
 * a multiple of both, that is of their least common multiple. A group of certain widths keeps one of those that is such a
 * multiple. A group that has no such count below its own size is left whole.
 */
final class KeptUnits {
    private final Limits limits;

    KeptUnits(Limits limits) {
        this.limits = limits;
    }

    /**
     * Rounds up to the limits; a group that would have to keep all of its units stays as it is.
     *
     * @param wanted units to keep, 0 to the group's size
     * @return from {@code wanted} to the group's size, never 0, and as many of every block, or one of the widths
     */
    int atLeast(Group group, int wanted) {
        int units = group.units();
        int capped = units - (int) Math.floor(limits.maxRemoved() * units);
        long floor = Math.max(1, Math.max(wanted, Math.max(limits.minKept(), capped)));
        if (!group.widths().isEmpty()) {
            return Ladder.atLeast(group, floor, limits.multipleOf());
        }
        long multiple = leastCommonMultiple(limits.multipleOf(), Ladder.stride(group));
        long rounded = (floor + multiple - 1) / multiple * multiple;
        return (int) Math.min(rounded, units);
    }

    private static long leastCommonMultiple(int a, int b) {
        long divisor = BigInteger.valueOf(a).gcd(BigInteger.valueOf(b)).longValue();
        return a / divisor * b;
    }
}
