package io.espalier.surgery.fold;

import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.Passage;
import io.espalier.surgery.coupling.Tracer;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Computes, for removed units that vary no more, the number that they are at each place of the graph. */
final class ConstantTracer implements Tracer<Mark> {
    private final Coupling coupling;
    private final Set<UnitIndex> removed;
    private final SilentUnits silent;
    private final StoredNumbers stored;
    private final Overwritten overwritten;
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
        this.stored = stored;
        this.overwritten = overwritten;
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
        return switch (Calls.name(operator)) {
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
        return element(bias, index, 0)
                .map(value -> Mark.of(value, "is not finite behind " + Calls.at(operator)))
                .orElseGet(() -> new Mark.Lost("has a bias that is not read, in " + Calls.at(operator)));
    }

    /** An element of a stored vector, or its only one; {@code absent} when there is no vector. */
    private Optional<Double> element(Argument vector, int index, double absent) {
        return Calls.isNone(vector)
                ? Optional.of(absent)
                : Calls.stored(vector)
                        .filter(p -> !overwritten.contains(p))
                        .flatMap(stored::vector)
                        .filter(all -> all.length == 1 || (index >= 0 && index < all.length))
                        .map(all -> all[all.length == 1 ? 0 : index]);
    }

    @Override
    public Mark filled(Operator operator) {
        return Regional.paddedBy(operator)
                .filter(value -> Calls.name(operator).contains("pad"))
                .map(value -> Mark.of(value, "is padded with an infinite number"))
                .orElseGet(() -> new Mark.Lost("comes from " + Calls.at(operator)));
    }

    @Override
    public Mark stored(Parameter parameter, int index) {
        return element(new Argument.Stored(parameter), index, 0)
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
        String name = Calls.name(passage.operator());
        if (name.equals("batch_norm")) {
            return normed(passage);
        } else if (name.equals("prelu")) {
            return sloped(passage);
        } else if (Convolution.is(passage.operator())) {
            return depthwise(passage);
        }
        return Elementwise.passed(passage).orElseGet(() -> regional(passage));
    }

    private static Mark regional(Passage<Mark> passage) {
        return passage.carried() instanceof Mark.Constant constant && !Regional.keeps(passage, constant.value())
                ? new Mark.Lost(Elementwise.unknown(passage))
                : passage.carried();
    }

    /** {@code prelu(input, slope)}. */
    private Mark sloped(Passage<Mark> passage) {
        if (!(passage.carried() instanceof Mark.Constant constant) || constant.value() >= 0) {
            return passage.carried();
        }
        return known(passage.operator().argument(1), passage.index())
                .map(slope -> Mark.of(constant.value() * slope, Elementwise.unknown(passage)))
                .orElseGet(() -> new Mark.Lost(Elementwise.unknown(passage)));
    }

    /** {@code batch_norm(input, weight, bias, mean, var, training, momentum, eps)}; a scale of zero silences what varies. */
    private Mark normed(Passage<Mark> passage) {
        Operator operator = passage.operator();
        Optional<Double> scale = element(operator.argument(1), passage.index(), 1);
        Optional<Double> shift = element(operator.argument(2), passage.index(), 0);
        Optional<Double> mean = known(operator.argument(3), passage.index());
        Optional<Double> variance = known(operator.argument(4), passage.index());
        Optional<Object> eps = passage.number(7);
        boolean plain = Calls.is(operator.argument(5), false)
                && scale.isPresent()
                && shift.isPresent()
                && mean.isPresent()
                && variance.isPresent()
                && eps.filter(Double.class::isInstance).isPresent();
        if (plain && scale.get() == 0) {
            return Mark.of(shift.get(), Elementwise.unknown(passage));
        }
        if (!(passage.carried() instanceof Mark.Constant constant)) {
            return passage.carried();
        }
        if (!plain) {
            return new Mark.Lost(Elementwise.unknown(passage));
        }
        double deviation = Math.sqrt(variance.get() + (Double) eps.get());
        return Mark.of(
                (constant.value() - mean.get()) / deviation * scale.get() + shift.get(), Elementwise.unknown(passage));
    }

    private Optional<Double> known(Argument vector, int index) {
        return Calls.isNone(vector) ? Optional.empty() : element(vector, index, 0);
    }

    /** A convolution that passes units on, each by a filter of its own. */
    private Mark depthwise(Passage<Mark> passage) {
        Operator operator = passage.operator();
        Optional<Parameter> weight =
                Calls.stored(operator.argument(1)).filter(StoredNumbers::isReal).filter(p -> !overwritten.contains(p));
        Optional<Double> bias = element(operator.argument(2), passage.index(), 0);
        if (weight.isEmpty() || bias.isEmpty() || passage.index() < 0) {
            return passage.carried() instanceof Mark.Constant
                    ? new Mark.Lost(Elementwise.unknown(passage))
                    : passage.carried();
        }
        double sum = stored.rowSums(weight.get())[passage.index()];
        boolean zero = Double.isNaN(sum) || isZero(passage.carried());
        if (zero) {
            return Mark.of(bias.get(), Elementwise.unknown(passage));
        }
        if (!(passage.carried() instanceof Mark.Constant constant)) {
            return passage.carried();
        }
        return Convolution.uneven(operator)
                .<Mark>map(reason -> new Mark.Lost(reason + " (" + Calls.at(operator) + ")"))
                .orElseGet(() -> Mark.of(bias.get() + constant.value() * sum, Elementwise.unknown(passage)));
    }

    private static boolean isZero(Mark mark) {
        return mark instanceof Mark.Constant constant && constant.value() == 0;
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
