package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that take elements by a tensor of indices: stored indices are numbered anew when units go. */
final class GatherRules {
    private static final String COMPUTED = "takes units by indices that are computed";

    private GatherRules() {}

    /** {@code index_select(input, dim, index)}. */
    static void select(Operator operator, Flow flow) {
        Optional<long[]> shape = flow.shape(operator.argument(0));
        Optional<Integer> dim = shape.flatMap(s -> flow.dim(Arguments.get(operator, 1, "dim"), s.length));
        if (dim.isEmpty()) {
            flow.protectAll(operator, COMPUTED);
            return;
        }
        take(operator, flow, dim.get(), Arguments.get(operator, 2, "index"));
    }

    /** {@code index(input, [None, indices])} with indices for one dimension. */
    static void index(Operator operator, Flow flow) {
        List<Integer> dims = new ArrayList<>();
        List<Argument> given = operator.argument(1) instanceof Argument.Sequence list ? list.items() : List.of();
        for (int d = 0; d < given.size(); d++) {
            if (!Arguments.isNone(given.get(d))) {
                dims.add(d);
            }
        }
        if (dims.size() != 1) {
            flow.protectAll(operator, COMPUTED);
            return;
        }
        take(operator, flow, dims.get(0), given.get(dims.get(0)));
    }

    private static void take(Operator operator, Flow flow, int dim, Argument indices) {
        // Such as the heads of biases by distance, where the distances are indices.
        Optional<LabelArray> labels = ShapeRules.labelsOfData(operator, flow, d -> d != dim);
        Optional<long[]> of = flow.shape(indices);
        int rank = flow.shape(operator.outputs().get(0)).length;
        if (labels.isEmpty()) {
            return;
        } else if (of.isEmpty() || rank != labels.get().rank() - 1 + of.get().length) {
            flow.protectAll(operator, COMPUTED);
        } else if (labels.get().varies(dim)) {
            takeUnits(operator, flow, labels.get(), dim, Arguments.stored(indices));
        } else {
            LabelArray result = labels.get().selected(dim, 0);
            for (int i = 0; i < of.get().length; i++) {
                result = result.inserted(dim);
            }
            flow.set(operator, result);
        }
    }

    private static void takeUnits(
            Operator operator, Flow flow, LabelArray labels, int dim, Optional<Parameter> indices) {
        Optional<int[]> picked = indices.filter(p -> p.shape().length == 1 && labels.onlyDim() == dim)
                .flatMap(p -> flow.picks(operator.argument(0), dim, p));
        if (picked.isEmpty()) {
            flow.protectAll(operator, COMPUTED);
            return;
        }
        LabelArray result = labels.picked(dim, picked.get());
        flow.record(indices.get(), Map.of(0, result.line(dim, picked.get().length)), operator);
        flow.set(operator, result);
    }
}
