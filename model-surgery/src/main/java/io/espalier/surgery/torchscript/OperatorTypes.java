package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Argument;
import io.espalier.surgery.graph.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What types an operator returns. Printed code does not say, so it is told by name and arguments from the schemas of
 * PyTorch 1.13 and 2.15 (operators.txt, made by src/test/python/make_operators.py).
 */
final class OperatorTypes {
    private static final String TABLE = "operators.txt";
    private static final Map<String, List<Schema>> SCHEMAS = read();

    /** Kinds of parameters and results, a letter each, as the head of make_operators.py explains. */
    private record Schema(String parameters, int required, String results) {
        boolean takes(String given, int named) {
            if (given.length() > parameters.length() || given.length() + named < required) {
                return false;
            }
            for (int i = 0; i < given.length(); i++) {
                if (!fits(given.charAt(i), parameters.charAt(i))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean fits(char given, char wanted) {
            return switch (given) {
                case 'N' -> true;
                case 'E' -> wanted != 'T';
                case 'S', 'O' -> wanted == 'S' || wanted == 'O' || wanted == 'G' || wanted == 'H';
                case 'L' -> wanted == 'L' || wanted == 'H' || wanted == 'O';
                default -> wanted == 'T' || wanted == 'G';
            };
        }
    }

    private OperatorTypes() {}

    private static Map<String, List<Schema>> read() {
        Map<String, List<Schema>> schemas = new HashMap<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(OperatorTypes.class.getResourceAsStream(TABLE), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] parts = line.split(" ", -1);
                String parameters = parts[1].equals("-") ? "" : parts[1];
                int optional = parameters.indexOf('?');
                schemas.computeIfAbsent(parts[0], name -> new ArrayList<>())
                        .add(new Schema(
                                parameters.replace("?", ""),
                                optional < 0 ? parameters.length() : optional,
                                parts[2].equals("-") ? "" : parts[2]));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return schemas;
    }

    /**
     * Types of the values that an operator defines.
     *
     * @param count how many names its result is given to at once; 0 or 1 when it is not taken apart
     */
    static List<Value.Type> results(String operator, List<Argument> arguments, Map<String, Argument> named, int count) {
        StringBuilder given = new StringBuilder();
        arguments.forEach(argument -> given.append(kind(argument)));
        List<Schema> fitting = SCHEMAS.getOrDefault(operator, List.of()).stream()
                .filter(schema -> schema.takes(given.toString(), named.size()))
                .toList();
        Optional<Schema> whole = fitting.stream()
                .filter(schema -> schema.results().length() == count
                        || (count == 0 && schema.results().isEmpty()))
                .findFirst();
        if (whole.isPresent() && count > 1) {
            return whole.get()
                    .results()
                    .chars()
                    .mapToObj(c -> type((char) c, given))
                    .toList();
        }
        Value.Type one = whole.filter(schema -> schema.results().length() == 1)
                .or(() -> fitting.stream()
                        .filter(schema -> schema.results().length() == 1)
                        .findFirst())
                .map(schema -> type(schema.results().charAt(0), given))
                .orElseGet(() -> byArguments(given, named));
        if (count < 2) {
            return List.of(one);
        }
        Value.Type item = one == Value.Type.TENSOR_LIST ? Value.Type.TENSOR : one;
        return Collections.nCopies(count, item);
    }

    /** The type of the one value that an operator defines. */
    static Value.Type result(String operator, List<Argument> arguments, Map<String, Argument> named) {
        return results(operator, arguments, named, 1).get(0);
    }

    private static Value.Type byArguments(StringBuilder given, Map<String, Argument> named) {
        boolean tensors = given.indexOf("T") >= 0
                || given.indexOf("L") >= 0
                || named.values().stream().anyMatch(a -> "TL".indexOf(kind(a)) >= 0);
        return tensors ? Value.Type.TENSOR : Value.Type.SCALAR;
    }

    private static Value.Type type(char result, StringBuilder given) {
        boolean ofList = given.length() > 0 && given.charAt(0) == 'L';
        return switch (result) {
            case 'T' -> Value.Type.TENSOR;
            case 'L' -> Value.Type.TENSOR_LIST;
            case 'S' -> Value.Type.SCALAR;
            case 'G' -> ofList || given.indexOf("T") == 0 ? Value.Type.TENSOR : Value.Type.SCALAR;
            case 'H' -> ofList ? Value.Type.TENSOR_LIST : Value.Type.SCALAR;
            default -> Value.Type.OTHER;
        };
    }

    /** T, L, S or O as in the table; N for none, which any parameter may be; E for a list that says nothing. */
    private static char kind(Argument argument) {
        if (argument instanceof Argument.Stored) {
            return 'T';
        } else if (argument instanceof Argument.Ref ref) {
            return switch (ref.value().type()) {
                case TENSOR -> 'T';
                case TENSOR_LIST -> 'L';
                case SCALAR -> 'S';
                case OTHER -> 'O';
            };
        } else if (argument instanceof Argument.Sequence sequence) {
            if (sequence.items().stream().anyMatch(item -> kind(item) == 'T')) {
                return 'L';
            }
            return sequence.items().stream().allMatch(item -> kind(item) == 'N') ? 'E' : 'S';
        } else if (argument instanceof Argument.Literal literal) {
            return literal.constant().isEmpty() ? 'N' : 'S';
        } else if (argument instanceof Argument.Scaled) {
            return 'S';
        }
        return ((Argument.Verbatim) argument).text().startsWith("annotate(List[") ? 'E' : 'O';
    }
}
