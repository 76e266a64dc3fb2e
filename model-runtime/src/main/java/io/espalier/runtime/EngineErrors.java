package io.espalier.runtime;

import java.util.List;

/** Finds the one line that matters in what libtorch throws: a trace of the interpreter, or of C++ frames. */
final class EngineErrors {
    private static final String RUNTIME_ERROR = "RuntimeError: ";

    private EngineErrors() {}

    static String oneLine(Throwable error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return error.getClass().getSimpleName();
        }
        List<String> lines = message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        // The interpreter puts its traceback first and the operator's own words last.
        return lines.stream()
                .filter(line -> line.startsWith(RUNTIME_ERROR))
                .reduce((first, second) -> second)
                .map(line -> line.substring(RUNTIME_ERROR.length()))
                .orElse(lines.get(0));
    }
}
