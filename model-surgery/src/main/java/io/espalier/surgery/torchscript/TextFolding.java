package io.espalier.surgery.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Operators on texts, and what makes texts of plain values; null where the result is left to the engine. */
final class TextFolding {
    private static final int TEXT_LIMIT = 100_000;

    private TextFolding() {}

    static Object one(String operator, String text) {
        return switch (operator) {
            case "len" -> (long) text.length();
            case "str", "format", "prim.type" -> text; // a device stands for its name
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "upper" -> text.toUpperCase(Locale.ROOT);
            default -> null;
        };
    }

    static Object two(String operator, String a, String b) {
        return switch (operator) {
            case "add" -> a.length() + b.length() > TEXT_LIMIT ? null : a + b;
            case "find" -> (long) a.indexOf(b);
            case "startswith" -> a.startsWith(b);
            case "endswith" -> a.endsWith(b);
            default -> null;
        };
    }

    /** {@code find(text, part, from, to)} over the whole text, as {@code in} is printed. */
    static Object find(List<Object> values) {
        return values.size() == 4
                        && values.get(0) instanceof String text
                        && values.get(1) instanceof String part
                        && values.get(2) instanceof Long from
                        && from == 0
                        && Objects.equals(values.get(3), (long) text.length())
                ? (Object) (long) text.indexOf(part)
                : null;
    }

    /** Only plain braces: a text with other placeholders is left alone. */
    static Object format(List<Object> values) {
        if (!(values.get(0) instanceof String pattern)) {
            return null;
        }
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (Object value : values.subList(1, values.size())) {
            int at = pattern.indexOf("{}", from);
            if (at < 0) {
                return null;
            }
            result.append(pattern, from, at).append(text(value));
            from = at + 2;
        }
        result.append(pattern, from, pattern.length());
        return result.length() > TEXT_LIMIT ? null : result.toString();
    }

    /** As Python's {@code str} writes it. */
    static String text(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        } else if (value instanceof List<?> list) {
            List<String> parts = new ArrayList<>();
            list.forEach(item -> parts.add(text(item)));
            return "[" + String.join(", ", parts) + "]";
        }
        return String.valueOf(value);
    }
}
