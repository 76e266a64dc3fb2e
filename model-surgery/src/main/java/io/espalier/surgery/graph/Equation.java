package io.espalier.surgery.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The equation of {@code einsum}: a letter per dimension of each operand and of the result. What is not in the result is
 * summed over.
 */
public record Equation(List<String> operands, String result) {
    public Equation {
        operands = List.copyOf(operands);
    }

    /** Empty for one that leaves the result out, repeats a letter within an operand, or abbreviates dimensions. */
    public static Optional<Equation> of(Argument argument) {
        return argument instanceof Argument.Literal literal
                ? literal.constant()
                        .filter(String.class::isInstance)
                        .map(text -> ((String) text).replace(" ", ""))
                        .flatMap(Equation::parse)
                : Optional.empty();
    }

    private static Optional<Equation> parse(String text) {
        String[] sides = text.split("->", -1);
        if (sides.length != 2) {
            return Optional.empty();
        }
        Equation equation = new Equation(Arrays.asList(sides[0].split(",", -1)), sides[1]);
        boolean plain = isPlain(equation.result)
                && equation.operands.stream().allMatch(Equation::isPlain)
                && equation.result
                        .chars()
                        .allMatch(letter -> equation.operands.stream().anyMatch(o -> o.indexOf(letter) >= 0));
        return plain ? Optional.of(equation) : Optional.empty();
    }

    private static boolean isPlain(String letters) {
        return letters.chars().allMatch(Character::isLetter)
                && letters.chars().distinct().count() == letters.length();
    }
}
