package io.espalier.surgery.coupling;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.surgery.Fixtures;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups must not depend on where the search starts: operators are met in other orders that compute the same. */
class OrderOfSearchTest {
    /** An index along a dimension of a stored tensor. */
    private record Cell(String tensor, int dim, int index) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "families/detector-frozen",
                "families/swin-frozen",
                "families/bert-frozen",
                "families/resnext-frozen",
                "families/shufflenet-frozen",
                "families/shufflenet-deep-frozen",
                "families/trap-shuffled-halves-frozen",
                "families/cifar-resnet-frozen",
                "families/densenet-frozen",
                "families/googlenet-frozen",
                "families/trap-c2f-frozen",
                "families/trap-split-twice-frozen"
            })
    void groupsAreTheSameWhateverTheOrder(String name) throws IOException {
        Graph graph = Fixtures.open(name).graph();
        List<long[]> shapes = Fixtures.shapes(name).shapes();
        StoredNumbers numbers = Fixtures.numbers(name);
        Set<Set<Set<Cell>>> expected = groups(graph, shapes, numbers);
        assertThat(expected).isNotEmpty();
        for (int seed = 0; seed < 5; seed++) {
            Graph shuffled = shuffled(graph, new Random(seed));
            assertThat(groups(shuffled, shapes, numbers)).isEqualTo(expected);
        }
    }

    private static Set<Set<Set<Cell>>> groups(Graph graph, List<long[]> shapes, StoredNumbers numbers) {
        Coupling coupling = CouplingFinder.find(graph, shapes, numbers);
        Map<String, Map<Integer, Set<Cell>>> cells = new HashMap<>();
        for (Parameter parameter : graph.parameters()) {
            for (int dim = 0; dim < parameter.shape().length; dim++) {
                UnitIndex[] units = coupling.unitsOf(new ParameterDim(parameter, dim));
                for (int i = 0; i < units.length; i++) {
                    if (units[i] != null) {
                        cells.computeIfAbsent(units[i].group(), g -> new HashMap<>())
                                .computeIfAbsent(units[i].unit(), u -> new HashSet<>())
                                .add(new Cell(parameter.name(), dim, i));
                    }
                }
            }
        }
        Set<Set<Set<Cell>>> groups = new HashSet<>();
        cells.values().forEach(units -> groups.add(new HashSet<>(units.values())));
        return groups;
    }

    /** A random order in which every operator comes after those it needs; in-place ones keep their place among all. */
    private static Graph shuffled(Graph graph, Random random) {
        List<Operator> left = new ArrayList<>(graph.operators());
        Set<Value> known = new HashSet<>(graph.inputs());
        List<Operator> order = new ArrayList<>();
        while (!left.isEmpty()) {
            List<Operator> ready = new ArrayList<>();
            for (Operator operator : left) {
                boolean barrier = operator.name().endsWith("_");
                boolean needs = Arguments.all(operator)
                        .allMatch(a -> !(a instanceof Argument.Ref ref) || known.contains(ref.value()));
                if (barrier && operator.index() != left.get(0).index()) {
                    break;
                } else if (needs) {
                    ready.add(operator);
                }
            }
            Operator next = ready.get(random.nextInt(ready.size()));
            left.remove(next);
            known.addAll(next.outputs());
            order.add(next);
        }
        return new Graph(graph.inputs(), graph.values(), order, graph.outputs(), graph.parameters());
    }
}
