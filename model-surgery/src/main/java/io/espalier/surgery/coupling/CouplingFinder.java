package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    private final OperatorRunner runner = new OperatorRunner();
    private Trunks trunks;

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
        graph.operators().forEach(operator -> runner.apply(operator, survey));
        protectOutputs();
        Sets sets = new Sets(survey);
        UnionFind before = survey.sets().joined().copy();
        sets.close();
        trunks = new TrunkFinder(graph, survey, stored, before).release(sets, runner);
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
        return new Coupling(
                graph, survey, sets, stored, trunks, new Groups(survey, sets.partitions(), trunks).collect());
    }

    /** Takes groups in one by one; one that cannot be cut together with those before it is protected. */
    private Coupling withoutFailing(Sets sets, Coupling first) {
        Coupling coupling = first;
        Set<String> refused = new HashSet<>();
        List<UnitGroup> taken = new ArrayList<>();
        // Those that change the order of others come last.
        List<UnitGroup> order = new ArrayList<>(first.groups());
        order.sort(Comparator.comparing(group -> !group.widths().isEmpty()));
        for (UnitGroup group : order) {
            taken.add(group);
            Inconsistent failure = failure(first, taken);
            if (failure != null) {
                taken.remove(group);
                refused.add(group.id());
                first.labels(group)
                        .forEach(label -> survey.sets().protections().putIfAbsent(label, failure.protection()));
            }
        }
        return refused.isEmpty() ? coupling : collect(sets);
    }

    private static Inconsistent failure(Coupling coupling, List<UnitGroup> groups) {
        for (Set<UnitIndex> removed : TrialCuts.of(groups)) {
            try {
                coupling.rewrite(removed);
            } catch (Inconsistent failure) {
                return failure;
            }
        }
        return null;
    }
}
