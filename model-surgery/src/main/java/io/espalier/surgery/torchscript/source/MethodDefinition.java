package io.espalier.surgery.torchscript.source;

import java.util.List;
import java.util.Optional;

/**
 * A method or function.
 *
 * @param receiver what a method calls its module, by custom {@code self}; empty for a function
 * @param parameters after the receiver
 * @param returns the return type as written
 * @param start offset of the first character of the line of {@code def}
 * @param end offset behind the last statement's line end
 */
public record MethodDefinition(
        String name,
        Optional<String> receiver,
        List<Parameter> parameters,
        String returns,
        List<Statement> body,
        SourceFile file,
        int line,
        int start,
        int end) {
    /** A parameter with its type as written, and the value it has when none is given. */
    public record Parameter(String name, String type, Optional<Expression> preset) {}
}
