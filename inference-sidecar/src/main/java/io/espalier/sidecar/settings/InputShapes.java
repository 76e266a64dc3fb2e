package io.espalier.sidecar.settings;

import java.util.Arrays;
import java.util.List;

/** The shape of each input of the model, with a batch dimension of 1. */
public record InputShapes(List<long[]> shapes) {
    public InputShapes {
        shapes = List.copyOf(shapes);
    }

    /**
     * Reads {@code 1,3,224,224}; shapes of several inputs are parted by semicolons.
     *
     * @throws IllegalArgumentException when a size is no whole number above zero, or a batch is not 1
     */
    public static InputShapes parse(String text) {
        try {
            List<long[]> shapes = Arrays.stream(text.split(";", -1))
                    .map(shape -> Arrays.stream(shape.split(",", -1))
                            .mapToLong(size -> Long.parseLong(size.strip()))
                            .toArray())
                    .toList();
            if (shapes.stream()
                    .allMatch(shape -> shape[0] == 1 && Arrays.stream(shape).allMatch(size -> size > 0))) {
                return new InputShapes(shapes);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("give whole numbers, say 1,3,224,224", e);
        }
        throw new IllegalArgumentException("give sizes above zero, the first of each input 1, say 1,3,224,224");
    }
}
