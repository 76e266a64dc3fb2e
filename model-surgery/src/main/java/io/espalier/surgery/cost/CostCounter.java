package io.espalier.surgery.cost;

import io.espalier.surgery.CostTerm;
import io.espalier.surgery.Layer;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes parameters and multiply-accumulates as terms over what is kept of each coupling group. */
public final class CostCounter {
    private final Coupling coupling;
    private final CostTerms terms;
    private final LayerTerms layers = new LayerTerms();
    private final Multiplications multiplications;
    private final Set<Parameter> counted = new HashSet<>();

    public CostCounter(Graph graph, List<long[]> shapes, Coupling coupling) {
        this.coupling = coupling;
        this.terms = new CostTerms(graph, shapes, coupling);
        this.multiplications = new Multiplications(coupling, terms, layers);
        graph.operators().forEach(this::count);
        for (Parameter parameter : graph.parameters()) {
            if (parameter.role() == Parameter.Role.PARAMETER && !counted.contains(parameter)) {
                layers.name(parameter.layer(), "unused");
                addParameter(parameter, parameter.layer());
            }
        }
    }

    public List<CostTerm> paramTerms() {
        return layers.params();
    }

    public List<CostTerm> macTerms() {
        return layers.macs();
    }

    /** Layers in execution order, with their totals when nothing is cut. */
    public List<Layer> layers(Map<String, Integer> all) {
        return layers.layers(all);
    }

    private void count(Operator operator) {
        List<Parameter> stored = stored(operator.arguments())
                .map(Argument.Stored::parameter)
                .filter(this::isParameter)
                .toList();
        if (Multiplications.isFused(operator)) {
            fused(operator, stored);
            return;
        }
        String layer = stored.isEmpty() ? operator.modulePath() : stored.get(0).layer();
        if (!stored.isEmpty()) {
            layers.name(layer, operator.name());
        }
        for (Parameter parameter : stored) {
            addParameter(parameter, layer);
        }
        multiplications.count(operator, layer);
    }

    private static Stream<Argument.Stored> stored(List<Argument> arguments) {
        return arguments.stream()
                .flatMap(argument -> argument instanceof Argument.Sequence sequence
                        ? stored(sequence.items())
                        : argument instanceof Argument.Stored one ? Stream.of(one) : Stream.empty());
    }

    /** Operators that are several layers: each parameter counts for its own. */
    private void fused(Operator operator, List<Parameter> stored) {
        if (!(operator.argument(0) instanceof Argument.Ref ref) || ref.value().tensor() < 0) {
            return;
        }
        for (Parameter parameter : stored) {
            layers.name(parameter.layer(), operator.name());
            addParameter(parameter, parameter.layer());
        }
        multiplications.fused(operator, ref.value(), stored);
    }

    /** A frozen archive does not say what was a parameter: there it is told by use. */
    private boolean isParameter(Parameter parameter) {
        return parameter.role() == Parameter.Role.PARAMETER
                || (parameter.role() == Parameter.Role.CONSTANT
                        && coupling.weights().contains(parameter));
    }

    private void addParameter(Parameter parameter, String layer) {
        if (counted.add(parameter)) {
            layers.addParams(terms.of(layer, 1, parameter, parameter.shape().length));
        }
    }
}
