package io.espalier.surgery.fold;

import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.Passage;
import io.espalier.surgery.coupling.Tracer;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Convolution;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Computes, for removed units that vary no more, the number that they are at each place of the graph. */
final class ConstantTracer implements Tracer<Mark> {
    private final Coupling coupling;
    private final Set<UnitIndex> removed;
    private final SilentUnits silent;
    private final Overwritten overwritten;
    private final VectorElements elements;
    private final ChannelRules channels;
    private final Map<ParameterDim, UnitIndex[]> units = new HashMap<>();
    private final List<Read> reads = new ArrayList<>();

    /** One operator's use of a weight, with the marks along its input dimension; null for what has none. */
    record Read(Operator operator, ParameterDim weight, List<Mark> marks) {}

    ConstantTracer(
            Coupling coupling,
            Set<UnitIndex> removed,
            SilentUnits silent,
            StoredNumbers stored,
            Overwritten overwritten) {
        this.coupling = coupling;
        this.removed = removed;
        this.silent = silent;
        this.overwritten = overwritten;
        this.elements = new VectorElements(stored, overwritten);
        this.channels = new ChannelRules(elements);
    }

    List<Read> reads() {
        return reads;
    }

    @Override
    public Mark made(Operator operator, ParameterDim weight, int index) {
        UnitIndex unit = units.computeIfAbsent(weight, coupling::unitsOf)[index];
        if (unit == null || !removed.contains(unit)) {
            return Mark.KEPT;
        } else if (!silent.isSilent(weight, index) || overwritten.contains(weight.parameter())) {
            return Mark.LIVE;
        }
        return switch (operator.plainName()) {
            case "linear" -> bias(operator, operator.argument(2), index);
            case "addmm" -> bias(operator, operator.argument(0), index);
            case "matmul", "mm", "embedding" -> new Mark.Constant(0);
            default ->
                Convolution.is(operator)
                        ? bias(operator, operator.argument(2), index)
                        : new Mark.Lost("comes from " + Calls.at(operator));
        };
    }

    private Mark bias(Operator operator, Argument bias, int index) {
        return elements.element(bias, index, 0)
                .map(value -> Mark.of(value, "is not finite behind " + Calls.at(operator)))
                .orElseGet(() -> new Mark.Lost("has a bias that is not read, in " + Calls.at(operator)));
    }

    @Override
    public Mark filled(Operator operator) {
        return Regional.paddedBy(operator)
                .filter(value -> operator.plainName().contains("pad"))
                .map(value -> Mark.of(value, "is padded with an infinite number"))
                .orElseGet(() -> new Mark.Lost("comes from " + Calls.at(operator)));
    }

    @Override
    public Mark stored(Parameter parameter, int index) {
        return elements.element(new Argument.Stored(parameter), index, 0)
                .map(value -> Mark.of(value, "is combined with an infinite number"))
                .orElseGet(() -> new Mark.Lost("is combined with " + parameter.name()));
    }

    @Override
    public Mark mixed(Mark one, Mark other) {
        if (one.equals(other)) {
            return one;
        } else if (one instanceof Mark.Kept || other instanceof Mark.Kept) {
            return Mark.KEPT;
        } else if (one instanceof Mark.Live || other instanceof Mark.Live) {
            return Mark.LIVE;
        }
        return one instanceof Mark.Lost
                ? one
                : other instanceof Mark.Lost ? other : new Mark.Lost("is another number in other places");
    }

    @Override
    public Mark passed(Passage<Mark> passage) {
        if (passage.carried() instanceof Mark.Kept) {
            return Mark.KEPT;
        }
        return channels.passed(passage).or(() -> Elementwise.passed(passage)).orElseGet(() -> regional(passage));
    }

    private static Mark regional(Passage<Mark> passage) {
        return passage.carried() instanceof Mark.Constant constant && !Regional.keeps(passage, constant.value())
                ? new Mark.Lost(Elementwise.unknown(passage))
                : passage.carried();
    }

    @Override
    public Mark held(Value value, Mark mark) {
        boolean known = mark instanceof Mark.Constant || mark instanceof Mark.Live;
        return known && overwritten.contains(value)
                ? new Mark.Lost("is written over, so that its number is not known")
                : mark;
    }

    @Override
    public void read(Operator operator, ParameterDim weight, List<Mark> marks) {
        reads.add(new Read(operator, weight, marks));
    }
}
