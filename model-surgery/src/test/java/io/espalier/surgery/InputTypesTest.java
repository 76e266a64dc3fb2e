package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class InputTypesTest {
    private final List<Value> values = new ArrayList<>();
    private final List<Operator> operators = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final Value x = value("x");

    @Test
    void indicesOfTablesAreInt64BelowTheSmallest() {
        Value flat = run("view", ref(x));
        Value cast = run("to", ref(flat));
        run("embedding", stored(ElementType.FLOAT16, 100, 8), ref(x));
        run("embedding", stored(ElementType.FLOAT16, 30, 8), ref(cast));
        // The table's rows are not what is looked up in the next.
        run("embedding", stored(ElementType.FLOAT16, 5, 8), ref(value("other")));
        assertThat(input()).isEqualTo(new ModelInput("x", Optional.of(ElementType.INT64), OptionalLong.of(30)));
    }

    @Test
    void aLayerTakesWhatItsWeightsAre() {
        run("_convolution", ref(run("permute", ref(x))), stored(ElementType.BFLOAT16, 8, 3, 3, 3));
        assertThat(input()).isEqualTo(new ModelInput("x", Optional.of(ElementType.BFLOAT16), OptionalLong.empty()));
    }

    @Test
    void aCastHidesWhatIsTaken() {
        run("linear", ref(run("to", ref(x))), stored(ElementType.FLOAT16, 8, 3));
        assertThat(input().type()).isEmpty();
    }

    @Test
    void arithmeticHidesWhatIsTaken() {
        run("linear", ref(run("mul", ref(x))), stored(ElementType.FLOAT64, 8, 3));
        assertThat(input().type()).isEmpty();
    }

    @Test
    void layersThatTakeDifferentTypesSayNothing() {
        run("linear", ref(x), stored(ElementType.FLOAT16, 8, 3));
        run("linear", ref(x), stored(ElementType.FLOAT32, 8, 3));
        assertThat(input().type()).isEmpty();
    }

    private ModelInput input() {
        Graph graph = new Graph(List.of(x), values, operators, ref(values.get(values.size() - 1)), parameters);
        return new InputTypes(graph).inputs().get(0);
    }

    private Value value(String name) {
        Value value = new Value(values.size(), values.size(), name, Value.Type.TENSOR);
        values.add(value);
        return value;
    }

    private Value run(String name, Argument... arguments) {
        Value output = value("v" + values.size());
        operators.add(new Operator(
                operators.size(), name, List.of(arguments), Map.of(), List.of(output), "", 0, "code/model.py:1"));
        return output;
    }

    private static Argument ref(Value value) {
        return new Argument.Ref(value);
    }

    private Argument stored(ElementType type, long... shape) {
        String name = "w" + parameters.size();
        Parameter parameter =
                new Parameter(parameters.size(), name, name, Parameter.Role.PARAMETER, type, shape, false);
        parameters.add(parameter);
        return new Argument.Stored(parameter);
    }
}
