package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The largest relative error that a smaller version may have, by the coarsest floating type that its parent computes in.
 *
 * <p>In float32 and float64 it is {@link BuiltVersion#TOLERANCE}. In float16 and bfloat16, libtorch adds up in float32 and
 * rounds what an operator gives, so that the two models' values differ in their last place here and there: measured over
 * residual and plain convolutional networks of 4 to 50 layers with half of their units cut, by 3.3 unit roundoffs of the
 * type at most whatever the depth. {@value #ROUNDOFFS} of them are allowed: 0.0078 in float16, 0.0625 in bfloat16. A cut
 * that is wrong by less than that in a half-precision model is not seen; the same cut is seen in its float32 original.
 */
final class Tolerance {
    static final int ROUNDOFFS = 16;

    /** What a cast's code in an archive says: torch.float16 and torch.bfloat16. */
    private static final long FLOAT16 = 5;

    private static final long BFLOAT16 = 15;

    private Tolerance() {}

    static double of(ModelArchive archive) {
        double roundoff = Stream.concat(
                        archive.graph().parameters().stream()
                                .map(Parameter::type)
                                .map(ElementTypes::datatype),
                        archive.graph().operators().stream().map(Tolerance::cast))
                .flatMap(Optional::stream)
                .filter(Datatype::isFloating)
                .mapToDouble(Datatype::unitRoundoff)
                .max()
                .orElse(0);
        return roundoff > Datatype.FP32.unitRoundoff() ? ROUNDOFFS * roundoff : BuiltVersion.TOLERANCE;
    }

    /** The half type an operator casts to; {@code to} has its type as second or third argument. */
    private static Optional<Datatype> cast(Operator operator) {
        if (!operator.name().equals("to")) {
            return Optional.empty();
        }
        return IntStream.of(1, 2)
                .mapToObj(operator::argument)
                .flatMap(argument ->
                        argument instanceof Argument.Literal literal ? literal.constant().stream() : Stream.empty())
                .map(code -> code.equals(FLOAT16) ? Datatype.FP16 : code.equals(BFLOAT16) ? Datatype.BF16 : null)
                .filter(type -> type != null)
                .findFirst();
    }
}
