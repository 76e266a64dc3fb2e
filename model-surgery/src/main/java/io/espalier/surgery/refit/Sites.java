package io.espalier.surgery.refit;

import io.espalier.surgery.fold.Sinks;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Convolution;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Readers;
import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the layers of a network whose weights can be fitted. */
public final class Sites {
    private final Graph graph;
    private final List<long[]> shapes;
    private final Readers readers;
    private final Sinks sinks;
    private final Map<Value, Operator> definitions = new HashMap<>();
    private final Map<Operator, NormSite> norms = new HashMap<>();

    private Sites(Graph graph, List<long[]> shapes) {
        this.graph = graph;
        this.shapes = shapes;
        this.readers = new Readers(graph);
        this.sinks = Sinks.of(graph, shapes);
        NormSite.of(graph, shapes).values().forEach(norm -> norms.put(norm.operator(), norm));
        graph.operators().forEach(operator -> operator.outputs().forEach(output -> definitions.put(output, operator)));
    }

    /**
     * By name of their weights, in order of execution.
     *
     * @param shapes of the graph's tensor values in order, of a recorded run
     */
    public static Map<String, Site> of(Graph graph, List<long[]> shapes) {
        return new Sites(graph, shapes).find();
    }

    private Map<String, Site> find() {
        Map<String, Site> sites = new LinkedHashMap<>();
        Map<Operator, String> latest = new HashMap<>();
        for (Operator operator : graph.operators()) {
            site(operator).ifPresent(site -> {
                sites.put(site.name(), site);
                // Of two layers whose outputs are added, the one that is fitted last makes up for the other.
                site.shortcut()
                        .map(Shortcut::add)
                        .map(add -> latest.put(add, site.name()))
                        .ifPresent(earlier -> sites.computeIfPresent(earlier, (name, s) -> s.withoutShortcut()));
            });
        }
        return sites;
    }

    private Optional<Site> site(Operator operator) {
        if (Convolution.is(operator)) {
            return convolution(operator);
        }
        return switch (operator.name()) {
            case "linear" -> linear(operator, operator.argument(0), operator.argument(1), true);
            case "addmm" -> linear(operator, operator.argument(1), operator.argument(2), false);
            case "matmul", "mm" -> linear(operator, operator.argument(0), operator.argument(1), false);
            default -> Optional.empty();
        };
    }

    private Optional<Site> convolution(Operator operator) {
        Optional<Value> input = Arguments.tensor(operator.argument(0));
        Optional<Parameter> weight = Arguments.stored(operator.argument(1)).filter(w -> isOwn(w, operator));
        if (input.isEmpty() || weight.isEmpty()) {
            return Optional.empty();
        }
        return Window.of(
                        operator,
                        shape(input.get()),
                        shape(operator.outputs().get(0)),
                        weight.get().shape())
                .map(window -> site(operator, weight.get(), true, input.get(), 1, window));
    }

    private Optional<Site> linear(Operator operator, Argument read, Argument weight, boolean outputsFirst) {
        Optional<Value> input = Arguments.tensor(read);
        Optional<Parameter> straight = Arguments.stored(weight).filter(w -> isOwn(w, operator));
        Optional<Parameter> turned = turned(weight);
        Optional<Parameter> found = straight.or(() -> turned).filter(w -> w.shape().length == 2);
        if (input.isEmpty() || found.isEmpty() || shape(input.get()).length < 2) {
            return Optional.empty();
        }
        long[] shape = shape(input.get());
        Window window = Window.ofPoints(Arrays.copyOfRange(shape, 1, shape.length - 1));
        boolean first = straight.isPresent() == outputsFirst;
        return Optional.of(site(operator, found.get(), first, input.get(), shape.length - 1, window));
    }

    /** The stored tensor that an argument is the transpose of, if nothing else reads either. */
    private Optional<Parameter> turned(Argument argument) {
        return Arguments.tensor(argument)
                .map(definitions::get)
                .filter(definition -> List.of("t", "numpy_T").contains(definition.name()))
                .filter(definition -> readers.only(definition.outputs().get(0)).isPresent())
                .flatMap(definition -> Arguments.stored(definition.argument(0)).filter(w -> isOwn(w, definition)));
    }

    private boolean isOwn(Parameter weight, Operator operator) {
        return weight.type().isReal()
                && !weight.overlaps()
                && readers.only(weight).filter(operator::equals).isPresent();
    }

    private Site site(
            Operator operator, Parameter weight, boolean outputsFirst, Value input, int unitDim, Window window) {
        Value output = operator.outputs().get(0);
        int outputs = Math.toIntExact(weight.shape()[outputsFirst ? 0 : 1]);
        Optional<NormSite> norm = norm(output, unitDim);
        return new Site(
                operator,
                weight,
                outputsFirst,
                input,
                output,
                shape(output).length,
                unitDim,
                window,
                sinks.of(operator, outputs),
                norm,
                shortcut(output, norm));
    }

    private Optional<NormSite> norm(Value output, int unitDim) {
        return readers.only(output)
                .map(norms::get)
                .filter(site -> unitDim == 1 && site.input().equals(output));
    }

    private Optional<Shortcut> shortcut(Value output, Optional<NormSite> norm) {
        Value value = norm.map(site -> site.operator().outputs().get(0)).orElse(output);
        return readers.only(value)
                .filter(next -> next.plainName().equals("add") && next.named().isEmpty())
                .filter(next -> Arguments.isNone(next.argument(2)) || Arguments.is(next.argument(2), 1L))
                .flatMap(add -> addend(add, value).map(other -> new Shortcut(add, other)));
    }

    private Optional<Value> addend(Operator add, Value value) {
        return List.of(add.argument(0), add.argument(1)).stream()
                .flatMap(argument -> Arguments.tensor(argument).stream())
                .filter(other -> !other.equals(value) && Arrays.equals(shape(other), shape(value)))
                .findFirst();
    }

    private long[] shape(Value value) {
        return shapes.get(value.tensor());
    }
}
