package io.espalier.surgery.coupling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The units of a trunk by what they reach, and how many of each class the trunk has at smaller widths. A cut to one of
 * those is exact, whichever units of a class stay, since those of one class do the same.
 */
final class TrunkClasses {
    /** Each width is a pass over the trunk's operators; more than this many are not tried. */
    private static final int WIDTHS = 256;

    private final Trunk trunk;
    private final List<Set<Integer>> blocks = new ArrayList<>();
    private final Map<BitSet, Integer> classOf = new HashMap<>();
    private final Map<Integer, Integer> widestCounts = new HashMap<>();
    private final ClassRuns runs = new ClassRuns();
    private List<int[]> widths = List.of();

    private TrunkClasses(Trunk trunk) {
        this.trunk = trunk;
    }

    /** {@code joined}: the trunk's labels as the survey joined them. Empty when there is no smaller width. */
    static Optional<TrunkClasses> of(
            Survey survey, StoredNumbers stored, Trunk trunk, UnionFind joined, OperatorRunner runner) {
        TrunkClasses classes = new TrunkClasses(trunk);
        TrunkPlaces places = new TrunkPlaces();
        TreeMap<Integer, int[]> counts = new TreeMap<>();
        int step = 1;
        while (trunk.widest() % step != 0 || trunk.widest() / step > WIDTHS) {
            step++;
        }
        for (int width = trunk.widest(); width > 0; width -= step) {
            ResizedTrunk resized = new ResizedTrunk(survey, stored, trunk, places, width);
            Optional<int[]> found = ran(resized, runner) ? classes.counts(resized, width) : Optional.empty();
            if (found.isPresent()) {
                counts.put(width, found.get());
            }
            if (width == trunk.widest() && (found.isEmpty() || !isAsSurveyed(resized, trunk, joined))) {
                return Optional.empty();
            }
        }
        classes.widths = WidthTable.of(counts);
        return classes.widths.size() > 1 ? Optional.of(classes) : Optional.empty();
    }

    private static boolean isAsSurveyed(ResizedTrunk widest, Trunk trunk, UnionFind joined) {
        return trunk.labels().stream().allMatch(label -> widest.reach().unit(label) == joined.find(label));
    }

    private static boolean ran(ResizedTrunk resized, OperatorRunner runner) {
        try {
            resized.run(runner);
            return true;
        } catch (Inconsistent | IllegalArgumentException | IndexOutOfBoundsException e) {
            // A rule that cannot lay its labels out: there is no network of this width.
            return false;
        }
    }

    Trunk trunk() {
        return trunk;
    }

    /** The units of each class, by the first label of each, as the survey has them without further joins. */
    List<Set<Integer>> blocks() {
        return blocks;
    }

    /** How many units of each class there are at each width, from the widest, which is the whole trunk. */
    List<int[]> widths() {
        return widths;
    }

    /** How many units of each class there are; empty when they are of other classes, or lie in another order. */
    private Optional<int[]> counts(ResizedTrunk resized, int width) {
        boolean first = blocks.isEmpty();
        Set<Integer> units = new LinkedHashSet<>();
        List<List<Integer>> classes = new ArrayList<>();
        for (Survey.Block producer : trunk.producers()) {
            List<Integer> own = new ArrayList<>();
            classes.add(own);
            for (int label : resized.made(producer.labels())) {
                BitSet reached = resized.reach().by(label);
                Integer known = first ? Integer.valueOf(classOf.size()) : null;
                Integer of = first ? classOf.computeIfAbsent(reached, r -> known) : classOf.get(reached);
                if (of == null) {
                    return Optional.empty();
                }
                own.add(of);
                if (first && of == blocks.size()) {
                    blocks.add(new LinkedHashSet<>());
                }
                if (units.add(resized.reach().unit(label)) && first) {
                    blocks.get(of).add(resized.reach().unit(label));
                }
            }
        }
        int[] counts = new int[blocks.size()];
        units.forEach(unit -> counts[classOf.get(resized.reach().by(unit))]++);
        return runs.fit(classes) && inProportion(counts, width) ? Optional.of(counts) : Optional.empty();
    }

    /** Every place holds its share, so that costs are products of what is kept. */
    private boolean inProportion(int[] counts, int width) {
        Map<Integer, Integer> held = new HashMap<>();
        classOf.forEach(
                (reached, of) -> reached.stream().forEach(place -> held.merge(place, counts[of], Integer::sum)));
        held.put(-1, Arrays.stream(counts).sum());
        if (width == trunk.widest()) {
            widestCounts.putAll(held);
        }
        return held.entrySet().stream()
                .allMatch(e -> (long) e.getValue() * trunk.widest() == (long) widestCounts.get(e.getKey()) * width);
    }
}
