package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.List;
import java.util.stream.Stream;

/**
 * Numbers of units among the arguments of an operator: sizes that were read at run time, and what was computed of
 * them.
 */
final class UnitCounts {
    private UnitCounts() {}

    /** A number of units that becomes data must not change, such as the square root of how wide an attention head is. */
    static void keep(Operator operator, Flow flow) {
        Arguments.all(operator)
                .forEach(argument -> Stream.concat(
                                flow.number(argument).stream(),
                                flow.numberList(argument).stream().flatMap(List::stream))
                        .flatMap(known -> known.counts().stream())
                        .forEach(count -> flow.mixed(
                                count.labels(), count.dims(), operator, "computes with the number of units")));
    }

    /** A number of units that a rule did not ask for must be what it was: it would be a size of something else. */
    static void check(Operator operator, Flow flow) {
        List<Argument> counts =
                Arguments.all(operator).filter(a -> isCount(a, flow)).toList();
        for (int i = 0; i < counts.size(); i++) {
            long now = flow.integer(counts.get(i)).orElse(-1L);
            if (flow.noted(operator, -1 - i, now)[0] != now && !flow.isCovered()) {
                throw new Inconsistent(operator, "uses the number of units as another size");
            }
        }
    }

    private static boolean isCount(Argument argument, Flow flow) {
        return flow.number(argument).filter(Known::followsUnits).isPresent()
                || (argument instanceof Argument.Ref ref
                        && ref.value().type() != Value.Type.TENSOR
                        && flow.numberList(argument)
                                .filter(list -> list.stream().anyMatch(Known::followsUnits))
                                .isPresent());
    }
}
