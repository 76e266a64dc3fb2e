package io.espalier.surgery.torchscript;

import io.espalier.surgery.torchscript.source.TextLiteral;
import java.util.List;
import java.util.Set;

/** How TorchScript prints names and numbers, so that what is read can be written again. */
final class Printed {
    private static final Set<String> KEYWORDS = Set.of(
            "and",
            "as",
            "assert",
            "async",
            "await",
            "break",
            "class",
            "continue",
            "def",
            "del",
            "elif",
            "else",
            "except",
            "exec",
            "False",
            "finally",
            "for",
            "from",
            "global",
            "if",
            "import",
            "in",
            "is",
            "lambda",
            "None",
            "nonlocal",
            "not",
            "or",
            "pass",
            "print",
            "raise",
            "return",
            "True",
            "try",
            "while",
            "with",
            "yield");

    private Printed() {}

    /** A module attribute as an expression of a method of the top class. */
    static String attribute(List<String> path, String name) {
        String text = "self";
        for (String part : path) {
            text = member(text, part);
        }
        return member(text, name);
    }

    private static String member(String target, String name) {
        boolean plain = name.matches("[A-Za-z_][A-Za-z0-9_]*") && !KEYWORDS.contains(name);
        return plain ? target + "." + name : "getattr(" + target + ", " + TextLiteral.quoted(name) + ")";
    }

    static String constant(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        } else if (value instanceof String text) {
            return TextLiteral.quoted(text);
        } else if (value instanceof Double number) {
            if (number.isNaN() || number.isInfinite()) {
                return number.isNaN() ? "nan" : number > 0 ? "inf" : "-inf";
            }
            // The shortest digits that read back as the same number.
            return Double.toString(number).replace('E', 'e');
        }
        return String.valueOf(value);
    }

    /** The function of an operator: {@code torch.} for ATen, {@code ops.} for other namespaces, plain for casts. */
    static String function(String operator) {
        return switch (operator) {
            case "Int" -> "int";
            case "Float" -> "float";
            case "Bool" -> "bool";
            default -> (operator.contains(".") ? "ops." : "torch.") + operator;
        };
    }
}
