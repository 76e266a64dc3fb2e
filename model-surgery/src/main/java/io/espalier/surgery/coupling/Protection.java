package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;

/** Why units must stay: which operator, where, and the reason. */
public record Protection(String op, String where, String reason) {
    static Protection of(Operator operator, String reason) {
        return new Protection(operator.name(), operator.place(), reason);
    }
}
