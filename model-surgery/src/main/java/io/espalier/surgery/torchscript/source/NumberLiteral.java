package io.espalier.surgery.torchscript.source;

import io.espalier.surgery.ModelFormatException;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Numbers as TorchScript prints them. */
final class NumberLiteral {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");

    private NumberLiteral() {}

    /** A Long, or a Double where there is a point or an exponent; throws ModelFormatException naming the place. */
    static Object value(String digits, Supplier<String> place) {
        try {
            if (WHOLE.matcher(digits).matches()) {
                return Long.parseLong(digits);
            }
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            String brief = digits.substring(0, Math.min(40, digits.length()));
            throw new ModelFormatException(place.get() + ": " + brief + " is no number", e);
        }
    }
}
