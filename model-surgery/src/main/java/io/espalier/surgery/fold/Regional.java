package io.espalier.surgery.fold;

import io.espalier.surgery.coupling.Passage;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether operators that lay elements out anew, or make one of several, leave a number that is the same everywhere. */
final class Regional {
    private static final Set<String> SAME = Set.copyOf(Calls.words("""
            view reshape _unsafe_view _reshape_alias flatten unflatten unsqueeze squeeze permute transpose t numpy_T mT
            adjoint swapaxes swapdims expand broadcast_to expand_as slice narrow select unbind chunk unsafe_chunk split
            unsafe_split split_with_sizes prim.unpack __getitem__ contiguous alias lift_fresh detach clone cpu float
            roll flip cat concat stack repeat tile channel_shuffle pixel_unshuffle
            reflection_pad1d reflection_pad2d reflection_pad3d
            replication_pad1d replication_pad2d replication_pad3d
            adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d
            upsample_nearest1d upsample_nearest2d upsample_nearest3d upsample_linear1d upsample_bilinear2d
            upsample_trilinear3d
            """));
    /** These have a second output, of indices. */
    private static final Set<String> LARGEST = Set.copyOf(Calls.words("""
            mean amax amin max min adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d
            max_pool1d max_pool2d max_pool3d max_pool1d_with_indices max_pool2d_with_indices max_pool3d_with_indices
            """));

    private static final Set<String> DROPOUT =
            Set.of("dropout", "feature_dropout", "alpha_dropout", "feature_alpha_dropout");
    /** PyTorch's numbers of float16, float32, float64 and bfloat16. */
    private static final List<Long> REAL_TYPES = List.of(5L, 6L, 7L, 15L);

    private Regional() {}

    /** Whether a constant goes through as it is. */
    static boolean keeps(Passage<Mark> passage, double value) {
        Operator operator = passage.operator();
        String name = operator.plainName();
        if (SAME.contains(name)) {
            return true;
        } else if (LARGEST.contains(name)) {
            boolean spaced = name.startsWith("max_pool") && !Arguments.isAll(operator.argument(4), 1);
            return passage.output().equals(operator.outputs().get(0)) && !spaced;
        } else if (DROPOUT.contains(name)) {
            return Arguments.is(Arguments.get(operator, 2, "train"), false);
        } else if (name.equals("to")) {
            return keepsType(operator);
        } else if (name.startsWith("avg_pool")) {
            return keepsMean(operator, value);
        }
        return (name.equals("pad") || name.equals("constant_pad_nd")) && pads(passage, value);
    }

    /** The type comes first, or second behind a device; other numbers say how the result lies in memory. */
    private static boolean keepsType(Operator operator) {
        if (!operator.named().isEmpty() || operator.argument(1) instanceof Argument.Ref) {
            return false;
        }
        for (int i = 1; i <= 2; i++) {
            if (operator.argument(i) instanceof Argument.Literal literal
                    && literal.constant().filter(Long.class::isInstance).isPresent()) {
                return REAL_TYPES.contains(literal.constant().get());
            }
        }
        return true;
    }

    /** {@code avg_pool2d(input, kernel, stride, padding, ceil_mode, count_include_pad, divisor_override)}. */
    private static boolean keepsMean(Operator operator, double value) {
        boolean counted = Arguments.is(operator.argument(5), false) || Arguments.isAll(operator.argument(3), 0);
        return value == 0 || (counted && Arguments.isNone(operator.argument(6)));
    }

    /** Padding along the units makes others; along all else it must be of the same number, or a copy of what is there. */
    private static boolean pads(Passage<Mark> passage, double value) {
        Operator operator = passage.operator();
        Argument mode = Arguments.get(operator, 2, "mode");
        boolean constant =
                operator.name().startsWith("constant_pad") || Arguments.isNone(mode) || Arguments.is(mode, "constant");
        if (!constant || value == paddedBy(operator).orElse(Double.NaN)) {
            return true;
        }
        if (!(Arguments.get(operator, 1, "pad") instanceof Argument.Sequence widths) || passage.unitDim() < 0) {
            return false;
        }
        // Widths stand in pairs, the last dimension first.
        for (int i = 0; i < widths.items().size(); i++) {
            int fromLast = i / 2;
            boolean along = passage.rank() - 1 - fromLast == passage.unitDim();
            if (!along && !Arguments.is(widths.items().get(i), 0L)) {
                return false;
            }
        }
        return true;
    }

    /** The number that a padding puts in; empty when it is not known. */
    static Optional<Double> paddedBy(Operator operator) {
        boolean named = operator.name().startsWith("constant_pad");
        Argument value = Arguments.get(operator, named ? 2 : 3, "value");
        if (value instanceof Argument.Literal literal) {
            return literal.constant().isEmpty()
                    ? Optional.of(0.0)
                    : literal.constant().map(c -> c instanceof Number n ? n.doubleValue() : Double.NaN);
        }
        return Optional.empty();
    }
}
