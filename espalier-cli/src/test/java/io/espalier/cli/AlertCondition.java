package io.espalier.cli;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An alert's expression of the form {@code MEASURED > NUMBER}, or another comparison, taken apart. Prometheus gives
 * nothing for such an expression on a healthy system, so a test can only demand data of its left side.
 */
record AlertCondition(String measured, String comparison, double threshold) {
    /** One step of the scan: what is quoted or a comment, a word, a bracket, a comparison, or any other character. */
    private static final Pattern TOKEN = Pattern.compile(
            "(?<skip>\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|`[^`]*`|#[^\\n]*)"
                    + "|(?<word>[a-zA-Z_:][a-zA-Z0-9_:]*)"
                    + "|(?<open>[(\\[{])|(?<close>[)\\]}])"
                    + "|(?<comparison>==|!=|>=|<=|>|<)"
                    + "|(?<other>.)",
            Pattern.DOTALL);

    private static final Set<String> SET_OPERATORS = Set.of("and", "or", "unless");

    /**
     * Splits at the one comparison outside of all brackets.
     *
     * @throws IllegalArgumentException when there is none or more than one, when and, or, unless stand beside it, or
     *     when its right side is no number
     */
    static AlertCondition parse(String expression) {
        int from = -1;
        int to = -1;
        int depth = 0;
        Matcher token = TOKEN.matcher(expression);
        while (token.find()) {
            if (token.group("open") != null) {
                depth++;
            } else if (token.group("close") != null) {
                depth--;
            } else if (depth == 0 && token.group("word") != null && SET_OPERATORS.contains(token.group("word"))) {
                throw refused(expression, "has '" + token.group("word") + "' beside its comparison");
            } else if (depth == 0 && token.group("comparison") != null) {
                if (from >= 0) {
                    throw refused(expression, "has more than one comparison");
                }
                from = token.start();
                to = token.end();
            }
        }
        if (from < 0) {
            throw refused(expression, "has no comparison");
        }
        return new AlertCondition(
                expression.substring(0, from).strip(),
                expression.substring(from, to),
                number(expression, expression.substring(to).strip()));
    }

    private static double number(String expression, String threshold) {
        try {
            return Double.parseDouble(threshold);
        } catch (NumberFormatException e) {
            throw refused(expression, "compares with '" + threshold + "', which is no number");
        }
    }

    private static IllegalArgumentException refused(String expression, String why) {
        return new IllegalArgumentException("alert expression '" + expression.strip() + "' " + why
                + ": record a series and compare it with a number");
    }
}
