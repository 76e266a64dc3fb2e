package io.espalier.surgery.capture;

import io.espalier.surgery.coupling.Activations;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.coupling.UnitsAlong;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.stage.Tap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds the activations that show exactly the units of one group, in order. */
public final class CaptureFinder {
    private final Graph graph;
    private final List<long[]> shapes;
    private final Coupling coupling;
    private final Map<String, Integer> unitsOfGroup = new HashMap<>();
    private final Map<String, Integer> operatorsOfCall = new HashMap<>();
    private final Set<String> enclosing = new HashSet<>();
    private final Set<String> names = new HashSet<>();

    private CaptureFinder(Graph graph, List<long[]> shapes, Coupling coupling) {
        this.graph = graph;
        this.shapes = shapes;
        this.coupling = coupling;
        coupling.groups().forEach(group -> unitsOfGroup.put(group.id(), group.units()));
        for (Operator operator : graph.operators()) {
            operatorsOfCall.merge(call(operator), 1, Integer::sum);
            String path = operator.modulePath();
            for (int dot = path.lastIndexOf('.'); dot >= 0; dot = path.lastIndexOf('.', dot - 1)) {
                enclosing.add(path.substring(0, dot));
            }
        }
    }

    /** In execution order. */
    public static List<Capture> find(Graph graph, List<long[]> shapes, Coupling coupling) {
        return new CaptureFinder(graph, shapes, coupling).run();
    }

    private List<Capture> run() {
        List<Capture> captures = new ArrayList<>();
        for (Operator operator : graph.operators()) {
            if (isActivation(operator)) {
                Value output = operator.outputs().get(0);
                coupling.unitsOf(output)
                        .flatMap(units -> capture(operator, output, units))
                        .ifPresent(captures::add);
            }
        }
        return List.copyOf(captures);
    }

    private static boolean isActivation(Operator operator) {
        return Activations.contains(operator.plainName()) && operator.outputs().size() == 1;
    }

    private Optional<Capture> capture(Operator operator, Value output, UnitsAlong along) {
        UnitIndex[] units = along.units();
        String group = units[0] == null ? null : units[0].group();
        boolean inOrder = group != null
                && units.length == unitsOfGroup.get(group)
                && IntStream.range(0, units.length).allMatch(i -> new UnitIndex(group, i).equals(units[i]));
        // Dimension 0 is the batch: samples are told apart along it.
        if (!inOrder || along.dim() == 0) {
            return Optional.empty();
        }
        long[] shape = shapes.get(output.tensor());
        long[] others = IntStream.range(1, shape.length)
                .filter(d -> d != along.dim())
                .mapToLong(d -> shape[d])
                .toArray();
        long[] picked = PositionGrid.pick(others);
        long all = Arrays.stream(others).reduce(1, Math::multiplyExact);
        Tap tap = new Tap(
                output,
                operator.index() + 1,
                shape.length,
                along.dim(),
                new long[0],
                picked.length == all ? new long[0] : picked);
        return Optional.of(new Capture(name(operator), group, units.length, picked.length, tap));
    }

    /** A module that does nothing but this activation gives its name; otherwise the operator is named within its module. */
    private String name(Operator operator) {
        String path = operator.modulePath();
        boolean own = !path.isEmpty() && operatorsOfCall.get(call(operator)) == 1 && !enclosing.contains(path);
        String plain = own ? path : path.isEmpty() ? operator.plainName() : path + "." + operator.plainName();
        String base = plain.replaceAll("[^A-Za-z0-9_.:-]", "_");
        String name = base;
        for (int i = 1; !names.add(name); i++) {
            name = base + ":" + i;
        }
        return name;
    }

    private static String call(Operator operator) {
        return operator.modulePath() + "#" + operator.call();
    }
}
