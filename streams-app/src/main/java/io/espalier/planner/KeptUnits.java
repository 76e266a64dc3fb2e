package io.espalier.planner;

import io.espalier.protocol.record.Policy.Limits;

/** How many units a group keeps, once the limits had their say: always at least as many as asked for. */
final class KeptUnits {
    private final Limits limits;

    KeptUnits(Limits limits) {
        this.limits = limits;
    }

    /**
     * Rounds up to the limits; a group that would have to keep all of its units stays as it is.
     *
     * @param units of the group
     * @param wanted units to keep, 0 to {@code units}
     * @return from {@code wanted} to {@code units}, never 0
     */
    int atLeast(int units, int wanted) {
        int capped = units - (int) Math.floor(limits.maxRemoved() * units);
        int floor = Math.max(wanted, Math.max(limits.minKept(), capped));
        int multiple = limits.multipleOf();
        int rounded = (Math.max(floor, 1) + multiple - 1) / multiple * multiple;
        return Math.min(rounded, units);
    }
}
