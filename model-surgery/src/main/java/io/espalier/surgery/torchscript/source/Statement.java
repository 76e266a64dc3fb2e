package io.espalier.surgery.torchscript.source;

import java.util.List;

/** A statement of the Python subset that TorchScript prints. */
public sealed interface Statement {
    int line();

    /** {@code a = value} or, unpacked, {@code a, b, = value}. No target: the value's operator runs for its effect. */
    record Assign(List<String> targets, boolean unpack, Expression value, int line) implements Statement {}

    record Return(Expression value, int line) implements Statement {}

    /** {@code then} or {@code otherwise}, each of which may be empty. */
    record If(Expression condition, List<Statement> then, List<Statement> otherwise, int line) implements Statement {}

    /** {@code for target in range(count)}. */
    record For(String target, Expression count, List<Statement> body, int line) implements Statement {}

    record While(Expression condition, List<Statement> body, int line) implements Statement {}

    /** A statement that cannot be resolved where it runs, such as {@code with} or an attribute assignment. */
    record Refused(String what, int line) implements Statement {}
}
