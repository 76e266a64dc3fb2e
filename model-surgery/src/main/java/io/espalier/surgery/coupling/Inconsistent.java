package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;

/** A cut after which an operator would no longer do what it did: thrown while the cut is rehearsed, before anything is written. */
final class Inconsistent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Protection protection;

    Inconsistent(Operator operator, String reason) {
        super(operator.name() + " at " + operator.place() + " " + reason);
        this.protection = Protection.of(operator, reason);
    }

    Protection protection() {
        return protection;
    }
}
