package io.espalier.surgery.coupling;

import io.espalier.surgery.ProtectedUnits;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
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
    private final Map<Integer, Set<Integer>> blockOf = new HashMap<>();
    private final Map<Integer, List<Set<Integer>>> partitionOf = new HashMap<>();
    private final Map<Integer, Protection> protectedRoots = new HashMap<>();
    private final Map<Integer, Map<ParameterDim, Integer>> coverOf = new HashMap<>();
    private final Map<Integer, Set<Value>> heldBy = new HashMap<>();
    private final Map<Integer, Survey.Block> firstBlockOf = new LinkedHashMap<>();
    private final Map<Integer, UnitIndex> unitOf = new HashMap<>();
    private final IdentityHashMap<List<Set<Integer>>, List<int[]>> widthsOf = new IdentityHashMap<>();
    private final Set<String> ids = new HashSet<>();
    private final Set<Integer> listed = new HashSet<>();

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
        partitions.forEach(this::hold);
        for (TrunkClasses classes : trunks.all()) {
            hold(classes.blocks());
            widthsOf.put(classes.blocks(), classes.widths());
        }
    }

    private void hold(List<Set<Integer>> partition) {
        for (Set<Integer> block : partition) {
            block.forEach(root -> {
                blockOf.put(root, block);
                partitionOf.put(root, partition);
            });
        }
    }

    Collected collect() {
        survey.protections()
                .forEach((label, protection) -> protectedRoots.merge(
                        survey.root(label), protection, (a, b) -> a.toString().compareTo(b.toString()) <= 0 ? a : b));
        survey.cells().forEach(this::cover);
        survey.blocks().forEach(this::note);
        survey.spread().forEach(this::held);
        protectBlocks();
        Map<Kind, List<Integer>> kinds = new LinkedHashMap<>();
        firstBlockOf.keySet().stream()
                .filter(root -> !protectedRoots.containsKey(root))
                .forEach(root -> kinds.computeIfAbsent(kind(root), k -> new ArrayList<>())
                        .add(root));
        List<UnitGroup> groups = new ArrayList<>();
        kinds.values().forEach(roots -> group(roots, groups));
        List<ProtectedUnits> refused = new ArrayList<>();
        survey.blocks().forEach(block -> refused(block, refused));
        survey.refusals().forEach(refusal -> refused(refusal, refused));
        return new Collected(List.copyOf(groups), List.copyOf(refused), unitsOfLabels());
    }

    private void cover(Parameter parameter, int[][] cells) {
        for (int d = 0; d < cells.length; d++) {
            ParameterDim at = new ParameterDim(parameter, d);
            for (int label : cells[d]) {
                if (label != 0) {
                    coverOf.computeIfAbsent(survey.root(label), root -> new LinkedHashMap<>())
                            .merge(at, 1, Integer::sum);
                }
            }
        }
    }

    private void held(Value value, LabelArray labels) {
        for (int label : labels.cells()) {
            if (label != 0) {
                heldBy.computeIfAbsent(survey.root(label), root -> new LinkedHashSet<>())
                        .add(value);
            }
        }
    }

    private void note(Survey.Block block) {
        for (int label : block.labels()) {
            firstBlockOf.putIfAbsent(survey.root(label), block);
        }
    }

    private Kind kind(int root) {
        List<Set<Integer>> partition = partitionOf.get(root);
        if (partition != null) {
            return new Kind(null, System.identityHashCode(partition), null, null);
        }
        return new Kind(firstBlockOf.get(root).weight(), null, coverOf.get(root), heldBy.get(root));
    }

    /** Blocks hold together only while none of their units is protected and each is alike within itself. */
    private void protectBlocks() {
        Set<List<Set<Integer>>> partitions = new LinkedHashSet<>();
        firstBlockOf.keySet().stream()
                .map(partitionOf::get)
                .filter(Objects::nonNull)
                .forEach(partitions::add);
        for (List<Set<Integer>> partition : partitions) {
            List<Integer> all = partition.stream().flatMap(Set::stream).toList();
            Protection protection = all.stream()
                    .map(protectedRoots::get)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            boolean alike = partition.stream()
                    .allMatch(
                            block -> block.stream().map(coverOf::get).distinct().count() <= 1);
            boolean made = all.stream().allMatch(firstBlockOf::containsKey);
            if (protection == null && !(alike && made)) {
                Survey.Block first = all.stream()
                        .map(firstBlockOf::get)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow();
                protection = new Protection(
                        first.operator().name(), first.operator().place(), "must keep even what is not alike");
            }
            if (protection != null) {
                Protection reason = protection;
                all.forEach(root -> protectedRoots.putIfAbsent(root, reason));
            }
        }
    }

    private void group(List<Integer> roots, List<UnitGroup> groups) {
        Survey.Block first = firstBlockOf.get(roots.get(0));
        List<Set<Integer>> partition = partitionOf.get(roots.get(0));
        List<int[]> widths = widthsOf.getOrDefault(partition, List.of());
        boolean single = partition == null
                ? roots.size() == 1
                : widths.isEmpty() && partition.stream().anyMatch(block -> block.size() == 1);
        if (single) {
            Protection reason = new Protection(
                    first.operator().name(),
                    first.operator().place(),
                    "is the only one of its kind: its channels all go together or not at all");
            roots.forEach(root -> protectedRoots.put(root, reason));
            return;
        }
        String id = uniqueId(first.weight().parameter().layer());
        for (int i = 0; i < roots.size(); i++) {
            unitOf.put(roots.get(i), new UnitIndex(id, i));
        }
        Set<ParameterDim> members = new LinkedHashSet<>();
        survey.cells()
                .forEach((parameter, cells) -> IntStream.range(0, cells.length)
                        .mapToObj(d -> new ParameterDim(parameter, d))
                        .filter(at -> roots.stream()
                                .anyMatch(root -> coverOf.get(root).containsKey(at)))
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
        UnitIndex[] units = new UnitIndex[survey.sets().size()];
        Arrays.setAll(units, label -> label == 0 ? null : unitOf.get(survey.root(label)));
        return units;
    }

    private void refused(Survey.Block block, List<ProtectedUnits> refused) {
        Map<Protection, Integer> counts = new LinkedHashMap<>();
        Map<Protection, Integer> distinct = new HashMap<>();
        for (int label : block.labels()) {
            int root = survey.root(label);
            Protection reason = protectedRoots.get(root);
            if (reason != null) {
                counts.merge(reason, 1, Integer::sum);
                distinct.merge(reason, listed.add(root) ? 1 : 0, Integer::sum);
            }
        }
        counts.forEach((reason, count) -> refused.add(new ProtectedUnits(
                block.weight().parameter().name(),
                count,
                distinct.get(reason),
                reason.op(),
                reason.where(),
                reason.reason())));
    }

    /** Weights of operators that are not understood make units as well, which are never cut. */
    private static void refused(Survey.Refusal refusal, List<ProtectedUnits> refused) {
        Parameter parameter = refusal.parameter();
        Protection reason = refusal.protection();
        boolean listed = refused.stream().anyMatch(p -> p.tensor().equals(parameter.name()));
        if (parameter.shape().length >= 2 && parameter.role() != Parameter.Role.BUFFER && !listed) {
            refused.add(new ProtectedUnits(
                    parameter.name(),
                    Math.toIntExact(parameter.shape()[0]),
                    Math.toIntExact(parameter.shape()[0]),
                    reason.op(),
                    reason.where(),
                    reason.reason()));
        }
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
