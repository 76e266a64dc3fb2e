package io.espalier.surgery.fold;

import io.espalier.surgery.coupling.Passage;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Convolution;
import io.espalier.surgery.graph.Operator;
import java.util.Optional;

/** What operators that hold numbers for each channel make of marks: batch norm, prelu, convolutions of one channel each. */
final class ChannelRules {
    private final VectorElements elements;

    ChannelRules(VectorElements elements) {
        this.elements = elements;
    }

    /** Empty for an operator that is none of these. */
    Optional<Mark> passed(Passage<Mark> passage) {
        String name = passage.operator().plainName();
        if (name.equals("batch_norm")) {
            return Optional.of(normed(passage));
        } else if (name.equals("prelu")) {
            return Optional.of(sloped(passage));
        }
        return Convolution.is(passage.operator()) ? Optional.of(depthwise(passage)) : Optional.empty();
    }

    /** {@code prelu(input, slope)}. */
    private Mark sloped(Passage<Mark> passage) {
        if (!(passage.carried() instanceof Mark.Constant constant) || constant.value() >= 0) {
            return passage.carried();
        }
        return elements.element(passage.operator().argument(1), passage.index())
                .map(slope -> Mark.of(constant.value() * slope, Elementwise.unknown(passage)))
                .orElseGet(() -> new Mark.Lost(Elementwise.unknown(passage)));
    }

    /** {@code batch_norm(input, weight, bias, mean, var, training, momentum, eps)}; a scale of zero silences what varies. */
    private Mark normed(Passage<Mark> passage) {
        Operator operator = passage.operator();
        Optional<Double> scale = elements.element(operator.argument(1), passage.index(), 1);
        Optional<Double> shift = elements.element(operator.argument(2), passage.index(), 0);
        Optional<Double> mean = elements.element(operator.argument(3), passage.index());
        Optional<Double> variance = elements.element(operator.argument(4), passage.index());
        Optional<Object> eps = passage.number(7);
        boolean plain = Arguments.is(operator.argument(5), false)
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

    /** A convolution that passes units on, each by a filter of its own. */
    private Mark depthwise(Passage<Mark> passage) {
        Operator operator = passage.operator();
        int index = passage.index();
        Optional<Double> bias = elements.element(operator.argument(2), index, 0);
        Optional<double[]> sums =
                bias.isEmpty() || index < 0 ? Optional.empty() : elements.rowSums(operator.argument(1));
        if (sums.isEmpty()) {
            return Elementwise.lostUnlessLive(passage);
        }
        double sum = sums.get()[index];
        boolean zero = Double.isNaN(sum) || Mark.isZero(passage.carried());
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
}
