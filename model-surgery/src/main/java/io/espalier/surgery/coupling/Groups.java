package io.espalier.surgery.coupling;

import io.espalier.surgery.ProtectedUnits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Collects sets of joined labels into groups: sets that take equally much from the same dimensions are units of one group,
 * and so are those that must stay even with each other.
 */
final class Groups {
    private final Survey survey;
    private final SetReach reach;
    private final Map<Integer, List<Set<Integer>>> partitionOf = new HashMap<>();
    private final Map<Integer, Protection> protectedRoots = new HashMap<>();
    private final Map<Integer, UnitIndex> unitOf = new HashMap<>();
    private final IdentityHashMap<List<Set<Integer>>, List<int[]>> widthsOf = new IdentityHashMap<>();
    private final Set<String> ids = new HashSet<>();

    /** What was collected. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Collected(List<UnitGroup> groups, List<ProtectedUnits> protectedUnits, UnitIndex[] unitOfLabel) {}

    /**
     * What makes sets of labels one group: the blocks they belong to, or, when there are none, what they cover and which
     * tensors hold them. Since a group is never emptied, no tensor is: a slice always has something left.
     */
    private record Kind(Object layers, Object blocks, Object cover, Object heldBy) {}

    Groups(Survey survey, List<List<Set<Integer>>> partitions, Trunks trunks) {
        this.survey = survey;
        this.reach = new SetReach(survey);
        partitions.forEach(this::hold);
        for (TrunkClasses classes : trunks.all()) {
            hold(classes.blocks());
            widthsOf.put(classes.blocks(), classes.widths());
        }
    }

    private void hold(List<Set<Integer>> partition) {
        for (Set<Integer> block : partition) {
            block.forEach(root -> partitionOf.put(root, partition));
        }
    }

    Collected collect() {
        survey.sets()
                .protections()
                .forEach((label, protection) -> protectedRoots.merge(
                        survey.sets().root(label),
                        protection,
                        (a, b) -> a.toString().compareTo(b.toString()) <= 0 ? a : b));
        protectBlocks();
        Map<Kind, List<Integer>> kinds = new LinkedHashMap<>();
        reach.made().stream()
                .filter(root -> !protectedRoots.containsKey(root))
                .forEach(root -> kinds.computeIfAbsent(kind(root), k -> new ArrayList<>())
                        .add(root));
        List<UnitGroup> groups = new ArrayList<>();
        kinds.values().forEach(roots -> group(roots, groups));
        return new Collected(List.copyOf(groups), new ProtectedReport(survey, protectedRoots).list(), unitsOfLabels());
    }

    private Kind kind(int root) {
        List<Set<Integer>> partition = partitionOf.get(root);
        if (partition != null) {
            return new Kind(null, System.identityHashCode(partition), null, null);
        }
        return new Kind(reach.firstBlock(root).weight(), null, reach.cover(root), reach.heldBy(root));
    }

    /** Blocks hold together only while none of their units is protected and each is alike within itself. */
    private void protectBlocks() {
        Set<List<Set<Integer>>> partitions = new LinkedHashSet<>();
        reach.made().stream().map(partitionOf::get).filter(Objects::nonNull).forEach(partitions::add);
        for (List<Set<Integer>> partition : partitions) {
            List<Integer> all = partition.stream().flatMap(Set::stream).toList();
            Protection protection = all.stream()
                    .map(protectedRoots::get)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            boolean alike = partition.stream()
                    .allMatch(
                            block -> block.stream().map(reach::cover).distinct().count() <= 1);
            boolean made = all.stream().allMatch(reach.made()::contains);
            if (protection == null && !(alike && made)) {
                Survey.Block first = all.stream()
                        .map(reach::firstBlock)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow();
                protection = Protection.of(first.operator(), "must keep even what is not alike");
            }
            if (protection != null) {
                Protection reason = protection;
                all.forEach(root -> protectedRoots.putIfAbsent(root, reason));
            }
        }
    }

    private void group(List<Integer> roots, List<UnitGroup> groups) {
        Survey.Block first = reach.firstBlock(roots.get(0));
        List<Set<Integer>> partition = partitionOf.get(roots.get(0));
        List<int[]> widths = widthsOf.getOrDefault(partition, List.of());
        boolean single = partition == null
                ? roots.size() == 1
                : widths.isEmpty() && partition.stream().anyMatch(block -> block.size() == 1);
        if (single) {
            Protection reason = Protection.of(
                    first.operator(), "is the only one of its kind: its channels all go together or not at all");
            roots.forEach(root -> protectedRoots.put(root, reason));
            return;
        }
        String id = uniqueId(first.weight().parameter().layer());
        for (int i = 0; i < roots.size(); i++) {
            unitOf.put(roots.get(i), new UnitIndex(id, i));
        }
        Set<ParameterDim> members = new LinkedHashSet<>();
        survey.uses()
                .cells()
                .forEach((parameter, cells) -> IntStream.range(0, cells.length)
                        .mapToObj(d -> new ParameterDim(parameter, d))
                        .filter(at -> roots.stream()
                                .anyMatch(root -> reach.cover(root).containsKey(at)))
                        .forEach(members::add));
        groups.add(new UnitGroup(id, roots.size(), List.copyOf(members), blocks(partition), widths));
    }

    private List<int[]> blocks(List<Set<Integer>> partition) {
        return partition == null
                ? List.of()
                : partition.stream()
                        .map(block -> block.stream()
                                .mapToInt(root -> unitOf.get(root).unit())
                                .sorted()
                                .toArray())
                        .toList();
    }

    private UnitIndex[] unitsOfLabels() {
        UnitIndex[] units = new UnitIndex[survey.sets().joined().size()];
        Arrays.setAll(
                units, label -> label == 0 ? null : unitOf.get(survey.sets().root(label)));
        return units;
    }

    private String uniqueId(String layer) {
        String plain = layer.replaceAll("[^A-Za-z0-9_.:-]", "_");
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> i == 0 ? plain : plain + ":" + i)
                .filter(ids::add)
                .findFirst()
                .orElseThrow();
    }
}
