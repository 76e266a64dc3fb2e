package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Arguments;
import io.espalier.surgery.graph.Operator;

/** Where an operator has an argument: by name when it is given by name, else by position. */
record Place(int position, String name) {
    Argument in(Operator operator) {
        return Arguments.get(operator, position, name);
    }

    boolean isNamed(Operator operator) {
        return operator.named().containsKey(name);
    }
}
