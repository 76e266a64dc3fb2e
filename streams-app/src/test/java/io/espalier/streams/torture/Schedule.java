package io.espalier.streams.torture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which faults strike in which order. Every kind strikes as often as any other, give or take one. */
record Schedule(long seed, int faults, List<Fault> kinds) {
    private static final String SEED = "espalier.torture.seed";
    private static final String FAULTS = "espalier.torture.faults";
    private static final String KINDS = "espalier.torture.kinds";

    /** By system properties; without them another seed each time, every kind, and few enough for every build. */
    static Schedule configured() {
        List<Fault> kinds = Arrays.stream(System.getProperty(KINDS, "").split(",", -1))
                .filter(name -> !name.isBlank())
                .map(Fault::valueOf)
                .toList();
        return new Schedule(
                Long.getLong(SEED, System.nanoTime() & 0xFFFF_FFFFL),
                Integer.getInteger(FAULTS, Fault.values().length),
                kinds.isEmpty() ? List.of(Fault.values()) : kinds);
    }

    /** The share of one of the combinations; all of them together strike {@link #faults} times. */
    List<Fault> of(Combination combination) {
        Random random = new Random(seed);
        List<Fault> all = new ArrayList<>();
        while (all.size() < faults) {
            List<Fault> round = new ArrayList<>(kinds);
            Collections.shuffle(round, random);
            all.addAll(round.subList(0, Math.min(round.size(), faults - all.size())));
        }
        List<Combination> combinations = List.of(Combination.values());
        int index = combinations.indexOf(combination);
        return List.copyOf(
                all.subList(faults * index / combinations.size(), faults * (index + 1) / combinations.size()));
    }

    /** Chooses all that is left open, the same for the same seed and combination. */
    Random chance(Combination combination) {
        return new Random(seed * 31 + List.of(Combination.values()).indexOf(combination));
    }
}
