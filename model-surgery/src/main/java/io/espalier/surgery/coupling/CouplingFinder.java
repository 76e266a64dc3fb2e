package io.espalier.surgery.coupling;

import io.espalier.surgery.ProtectedUnits;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds coupling groups: labels every unit, follows the labels through all operators, joins what must go together by
 * union-find over (tensor, dimension, index), and collects connected sets into groups. The result does not depend on
 * where one starts, since there is no walk.
 */
public final class CouplingFinder {
    private final Flow flow;
    private final List<Component> components = new ArrayList<>();
    private final int[] componentOfRoot;
    private final int[] unitOfRoot;
    private final Map<Integer, Protection> protectedRoots = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    /** Blocks that share units, in the order of their first block, and what is known of them. */
    private static final class Component {
        private final List<Flow.Block> blocks = new ArrayList<>();
        private final Set<ParameterDim> members = new LinkedHashSet<>();
        private int units;
        private Protection protection;

        void protect(Protection reason) {
            protection = protection == null ? reason : protection;
        }
    }

    private CouplingFinder(Flow flow) {
        this.flow = flow;
        this.componentOfRoot = new int[flow.labelCount()];
        this.unitOfRoot = new int[flow.labelCount()];
    }

    /** {@code shapes}: of the graph's tensor values in order, of one recorded run. */
    public static Coupling find(Graph graph, List<long[]> shapes) {
        Flow flow = new Flow(graph, shapes);
        OperatorRules rules = new OperatorRules();
        graph.operators().forEach(operator -> rules.apply(operator, flow));
        protectOutputs(graph, flow);
        return new CouplingFinder(flow).collect();
    }

    private static void protectOutputs(Graph graph, Flow flow) {
        String place = graph.operators().isEmpty()
                ? "forward"
                : graph.operators().get(graph.operators().size() - 1).place();
        flow.protectAll(
                new Operator(-1, "return", List.of(graph.outputs()), Map.of(), List.of(), "", 0, place),
                "is the model's output");
    }

    private Coupling collect() {
        flow.protections()
                .forEach((label, protection) -> protectedRoots.merge(
                        flow.root(label), protection, (a, b) -> a.toString().compareTo(b.toString()) <= 0 ? a : b));
        findComponents();
        for (int i = 0; i < components.size(); i++) {
            numberUnits(components.get(i), i + 1);
        }
        flow.cells().forEach(this::coverEvenly);
        List<UnitGroup> groups = new ArrayList<>();
        List<ProtectedUnits> refused = new ArrayList<>();
        IdentityHashMap<Component, String> idOf = new IdentityHashMap<>();
        for (Component component : components) {
            Operator first = component.blocks.get(0).operator();
            if (component.units == 1) {
                component.protect(new Protection(first.name(), first.place(), "is the only unit of its layer"));
            }
            if (component.protection != null) {
                component.blocks.forEach(block -> refused.add(refusal(block, component.protection)));
            } else {
                String id =
                        uniqueId(component.blocks.get(0).weight().parameter().layer());
                idOf.put(component, id);
                groups.add(new UnitGroup(id, component.units, List.copyOf(component.members)));
            }
        }
        return new Coupling(flow, List.copyOf(groups), List.copyOf(refused), unitsOfLabels(idOf));
    }

    private void findComponents() {
        List<Flow.Block> blocks = flow.blocks();
        UnionFind joined = new UnionFind();
        int[] blockOfRoot = new int[flow.labelCount()];
        for (Flow.Block block : blocks) {
            int number = joined.add();
            for (int label : block.labels()) {
                int root = flow.root(label);
                if (blockOfRoot[root] != 0) {
                    joined.join(blockOfRoot[root], number);
                } else {
                    blockOfRoot[root] = number;
                }
            }
        }
        Map<Integer, Component> ofBlock = new HashMap<>();
        for (int i = 0; i < blocks.size(); i++) {
            Component component = ofBlock.computeIfAbsent(joined.find(i + 1), root -> {
                components.add(new Component());
                return components.get(components.size() - 1);
            });
            component.blocks.add(blocks.get(i));
        }
    }

    /** Numbers from 1 in the arrays, since 0 stands for none there. */
    private void numberUnits(Component component, int number) {
        for (Flow.Block block : component.blocks) {
            for (int label : block.labels()) {
                int root = flow.root(label);
                if (unitOfRoot[root] == 0) {
                    componentOfRoot[root] = number;
                    unitOfRoot[root] = ++component.units;
                    Protection protection = protectedRoots.get(root);
                    if (protection != null) {
                        component.protect(protection);
                    }
                }
            }
        }
    }

    /** Protects where some dimension holds unequally many indices per unit: its size would not add up. */
    private void coverEvenly(Parameter parameter, int[][] cells) {
        for (int d = 0; d < cells.length; d++) {
            Map<Integer, int[]> countsOf = new LinkedHashMap<>();
            for (int label : cells[d]) {
                int root = flow.root(label);
                if (componentOfRoot[root] != 0) {
                    countsOf.computeIfAbsent(componentOfRoot[root], c -> new int[components.get(c - 1).units])[
                            unitOfRoot[root] - 1]++;
                }
            }
            int dim = d;
            countsOf.forEach((number, counts) -> {
                Component component = components.get(number - 1);
                Operator first = component.blocks.get(0).operator();
                component.members.add(new ParameterDim(parameter, dim));
                if (Arrays.stream(counts).anyMatch(count -> count != counts[0])) {
                    component.protect(new Protection(
                            first.name(),
                            first.place(),
                            "units cover unequally many indices of " + parameter.name() + ", dimension " + dim));
                }
            });
        }
    }

    private UnitIndex[] unitsOfLabels(IdentityHashMap<Component, String> idOf) {
        UnitIndex[] units = new UnitIndex[flow.labelCount()];
        UnitIndex[] ofRoot = new UnitIndex[flow.labelCount()];
        for (int label = 1; label < units.length; label++) {
            int root = flow.root(label);
            String id = componentOfRoot[root] == 0 ? null : idOf.get(components.get(componentOfRoot[root] - 1));
            if (id != null && ofRoot[root] == null) {
                ofRoot[root] = new UnitIndex(id, unitOfRoot[root] - 1);
            }
            units[label] = ofRoot[root];
        }
        return units;
    }

    private static ProtectedUnits refusal(Flow.Block block, Protection protection) {
        return new ProtectedUnits(
                block.weight().parameter().name(),
                block.labels().length,
                protection.op(),
                protection.where(),
                protection.reason());
    }

    private String uniqueId(String layer) {
        String plain = layer.replaceAll("[^A-Za-z0-9_.:-]", "_");
        String id = plain;
        for (int i = 1; !ids.add(id); i++) {
            id = plain + ":" + i;
        }
        return id;
    }
}
