package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The operators that a trunk meets. */
final class TrunkOperators {
    /** Their cost is counted by their results, of which a trunk keeps a share by form, not by units. */
    private static final Set<String> COUNTED_BY_RESULT =
            Set.of("linear", "addmm", "matmul", "mm", "bmm", "baddbmm", "scaled_dot_product_attention");

    private final Graph graph;
    private final Survey survey;

    TrunkOperators(Graph graph, Survey survey) {
        this.graph = graph;
        this.survey = survey;
    }

    /** Those that read or give any of the values, and all that compute with numbers. */
    List<Operator> of(Set<Value> values) {
        Set<Value> carried = new HashSet<>(values);
        List<Operator> operators = new ArrayList<>();
        for (Operator operator : graph.operators()) {
            boolean reads = Arguments.all(operator)
                    .anyMatch(a -> a instanceof Argument.Ref ref && carried.contains(ref.value()));
            boolean gives = operator.outputs().stream().anyMatch(values::contains);
            boolean counts = operator.outputs().stream().allMatch(this::isNumber);
            if (reads || gives || counts) {
                operators.add(operator);
            }
            if (reads) {
                operator.outputs().stream()
                        .filter(output -> output.type() == Value.Type.TENSOR_LIST || isNumber(output))
                        .forEach(carried::add);
            }
        }
        return operators;
    }

    private boolean isNumber(Value value) {
        return value.type() == Value.Type.TENSOR
                ? survey.shape(value).length == 0
                : value.type() != Value.Type.TENSOR_LIST;
    }

    /** Whether units of a trunk pass through a product, other than to be read or made by its weight. */
    static boolean areCountedByResult(Trunk trunk) {
        Set<Integer> producers = new HashSet<>();
        trunk.producers().forEach(block -> producers.add(block.operator().index()));
        return trunk.operators().stream()
                .filter(operator -> COUNTED_BY_RESULT.contains(operator.name()))
                .anyMatch(operator -> !producers.contains(operator.index())
                        && operator.outputs().stream().anyMatch(trunk.values()::contains));
    }
}
