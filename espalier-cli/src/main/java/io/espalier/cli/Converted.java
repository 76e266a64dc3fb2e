package io.espalier.cli;

import java.util.function.Function;
import picocli.CommandLine.TypeConversionException;

/** Lets the parsers of the protocol say in their own words what is wrong with an option. */
final class Converted {
    private Converted() {}

    static <T> T orUsage(String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
