package io.espalier.runtime.latency;

import io.espalier.surgery.Extent;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Finds the layers that can be timed alone: convolutions and linears with a stored weight. Whatever else a model computes,
 * transposed convolutions and products of two activations among it, is left to the remainder of {@link LatencyModel}.
 */
public final class LayerReader {
    private final ModelAnalysis analysis;
    private final CutExtents extents;
    private final Map<Value, Parameter> transposed = new HashMap<>();

    private LayerReader(ModelAnalysis analysis) {
        this.analysis = analysis;
        this.extents = new CutExtents(analysis);
    }

    /** The calls of layers that can be timed, in execution order. */
    public static List<TimedLayer> read(Graph graph, ModelAnalysis analysis) {
        LayerReader reader = new LayerReader(analysis);
        List<TimedLayer> layers = new ArrayList<>();
        for (Operator operator : graph.operators()) {
            reader.read(operator).ifPresent(layers::add);
        }
        return layers;
    }

    private Optional<TimedLayer> read(Operator operator) {
        return switch (operator.name()) {
            case "_convolution" ->
                flag(operator.argument(6)) ? Optional.empty() : convolution(operator, operator.argument(8));
            case "conv1d", "conv2d", "conv3d" -> convolution(operator, operator.argument(6));
            case "linear" -> product(operator, 0, 1, isTensor(operator.argument(2)), true);
            case "addmm" -> product(operator, 1, 2, true, false);
            case "matmul", "mm" -> product(operator, 0, 1, false, false);
            case "t", "numpy_T" -> {
                if (operator.argument(0) instanceof Argument.Stored stored) {
                    transposed.put(operator.outputs().get(0), stored.parameter());
                }
                yield Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    private Optional<TimedLayer> convolution(Operator operator, Argument groupCount) {
        List<List<Long>> geometry = Stream.of(3, 4, 5)
                .map(index -> numbers(operator.argument(index)))
                .toList();
        if (!(operator.argument(0) instanceof Argument.Ref input)
                || !(operator.argument(1) instanceof Argument.Stored stored)
                || number(groupCount).isEmpty()) {
            return Optional.empty();
        }
        long[] weight = stored.parameter().shape();
        long[] at = analysis.shapes().shape(input.value().tensor());
        int spatial = weight.length - 2;
        // Without a batch dimension, or with padding in words, it is no shape that the stopwatch knows.
        if (at.length != weight.length || geometry.stream().anyMatch(sizes -> sizes.size() != spatial)) {
            return Optional.empty();
        }
        long groups = number(groupCount).get();
        boolean depthwise = groups > 1 && weight[1] == 1;
        List<Long> sizes = LongStream.concat(
                        LongStream.of(at[0]), LongStream.of(at).skip(2))
                .boxed()
                .toList();
        LayerShape shape = new LayerShape(
                sizes,
                LongStream.of(weight).skip(2).boxed().toList(),
                geometry.get(0),
                geometry.get(1),
                geometry.get(2),
                depthwise ? 0 : groups,
                depthwise ? weight[0] / groups : 0,
                isTensor(operator.argument(2)));
        return Optional.of(layer(operator, shape, stored.parameter(), 0, 1));
    }

    private Optional<TimedLayer> product(Operator operator, int left, int right, boolean bias, boolean outputsFirst) {
        if (!(operator.argument(left) instanceof Argument.Ref input)
                || input.value().tensor() < 0) {
            return Optional.empty();
        }
        boolean stored = operator.argument(right) instanceof Argument.Stored;
        Optional<Parameter> weight = weight(operator.argument(right));
        if (weight.isEmpty() || weight.get().shape().length != 2) {
            return Optional.empty();
        }
        long[] at = analysis.shapes().shape(input.value().tensor());
        long rows = LongStream.of(at).limit(at.length - 1L).reduce(1, Math::multiplyExact);
        int outputs = outputsFirst == stored ? 0 : 1;
        return Optional.of(layer(operator, LayerShape.linear(rows, bias), weight.get(), outputs, 1 - outputs));
    }

    private Optional<Parameter> weight(Argument argument) {
        if (argument instanceof Argument.Stored stored) {
            return Optional.of(stored.parameter());
        }
        return argument instanceof Argument.Ref ref
                ? Optional.ofNullable(transposed.get(ref.value()))
                : Optional.empty();
    }

    private TimedLayer layer(Operator operator, LayerShape shape, Parameter weight, int rowDim, int columnDim) {
        Extent[] ofWeight = extents.of(weight);
        long[] output = analysis.shapes().shape(operator.outputs().get(0).tensor());
        long elements = LongStream.of(output).reduce(1, Math::multiplyExact);
        return new TimedLayer(
                weight.layer(), shape, ofWeight[rowDim], ofWeight[columnDim], elements / weight.shape()[rowDim]);
    }

    private static boolean isTensor(Argument argument) {
        return argument instanceof Argument.Stored || argument instanceof Argument.Ref;
    }

    private static boolean flag(Argument argument) {
        return argument instanceof Argument.Literal literal
                && literal.constant().equals(Optional.of(true));
    }

    private static Optional<Long> number(Argument argument) {
        return argument instanceof Argument.Literal literal
                ? literal.constant().filter(Long.class::isInstance).map(Long.class::cast)
                : Optional.empty();
    }

    private static List<Long> numbers(Argument argument) {
        return argument instanceof Argument.Sequence sequence
                ? sequence.items().stream()
                        .flatMap(item -> number(item).stream())
                        .toList()
                : List.of();
    }
}
