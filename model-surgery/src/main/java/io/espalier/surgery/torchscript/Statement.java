package io.espalier.surgery.torchscript;

import java.util.List;

/** A statement of the Python subset that TorchScript prints. */
sealed interface Statement {
    int line();

    /** {@code a = value} or, unpacked, {@code a, b, = value}. No target: the value's operator runs for its effect. */
    record Assign(List<String> targets, boolean unpack, Expression value, int line) implements Statement {}

    record Return(Expression value, int line) implements Statement {}

    /** A statement that straight-line code does not have: {@code if}, {@code for}, an attribute assignment. */
    record Refused(String what, int line) implements Statement {}
}
