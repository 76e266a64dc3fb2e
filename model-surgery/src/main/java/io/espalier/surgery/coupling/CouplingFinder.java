package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds coupling groups: labels every unit, follows the labels through all operators, joins what must go together by
 * union-find over (tensor, dimension, index), and collects connected sets into groups. The result does not depend on
 * where one starts, since there is no walk. Every group is then cut for trial, on labels only; one whose cut an operator
 * could not take is protected, with that operator's reason.
 */
public final class CouplingFinder {
    private final Graph graph;
    private final StoredNumbers stored;
    private final Survey survey;
    private final OperatorRules rules = new OperatorRules();

    private CouplingFinder(Graph graph, List<long[]> shapes, StoredNumbers stored) {
        this.graph = graph;
        this.stored = stored;
        this.survey = new Survey(shapes, stored);
    }

    /** {@code shapes}: of the graph's tensor values in order, of one recorded run. */
    public static Coupling find(Graph graph, List<long[]> shapes, StoredNumbers stored) {
        return new CouplingFinder(graph, shapes, stored).run();
    }

    private Coupling run() {
        graph.operators().forEach(operator -> rules.apply(operator, survey));
        protectOutputs();
        Sets sets = new Sets(survey);
        sets.close();
        Coupling coupling = collect(sets);
        if (failure(coupling, coupling.groups()) == null) {
            return coupling;
        }
        return withoutFailing(sets, coupling);
    }

    private void protectOutputs() {
        String place = graph.operators().isEmpty()
                ? "forward"
                : graph.operators().get(graph.operators().size() - 1).place();
        survey.protectAll(
                new Operator(-1, "return", List.of(graph.outputs()), Map.of(), List.of(), "", 0, place),
                "is the model's output");
    }

    private Coupling collect(Sets sets) {
        return new Coupling(graph, survey, sets, stored, new Groups(survey, sets.partitions()).collect());
    }

    /** Takes groups in one by one; one that cannot be cut together with those before it is protected. */
    private Coupling withoutFailing(Sets sets, Coupling first) {
        Coupling coupling = first;
        Set<String> refused = new HashSet<>();
        List<UnitGroup> taken = new ArrayList<>();
        for (UnitGroup group : first.groups()) {
            taken.add(group);
            Inconsistent failure = failure(first, taken);
            if (failure != null) {
                taken.remove(group);
                refused.add(group.id());
                first.labels(group).forEach(label -> survey.protections().putIfAbsent(label, failure.protection()));
            }
        }
        return refused.isEmpty() ? coupling : collect(sets);
    }

    /** Cuts the first, the last, and every second unit of all given groups, in every block alike. */
    private static Inconsistent failure(Coupling coupling, List<UnitGroup> groups) {
        List<Function<int[], int[]>> choices = List.of(
                block -> new int[] {block[0]},
                block -> new int[] {block[block.length - 1]},
                CouplingFinder::everySecond);
        for (Function<int[], int[]> choice : choices) {
            Set<UnitIndex> removed = new HashSet<>();
            for (UnitGroup group : groups) {
                for (int[] block : group.evenBlocks()) {
                    for (int unit : block.length < 2 ? new int[0] : choice.apply(block)) {
                        removed.add(new UnitIndex(group.id(), unit));
                    }
                }
            }
            try {
                coupling.rewrite(removed);
            } catch (Inconsistent failure) {
                return failure;
            }
        }
        return null;
    }

    private static int[] everySecond(int[] block) {
        int[] chosen = new int[block.length / 2];
        java.util.Arrays.setAll(chosen, i -> block[2 * i]);
        return chosen;
    }
}
