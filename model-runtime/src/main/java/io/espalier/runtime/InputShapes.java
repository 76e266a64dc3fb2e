package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import io.espalier.protocol.record.ModelDescriptor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is said of all inputs of a model, in order.
 *
 * @param inputs empty when the archive is to say it: one that holds the inputs it was traced with
 */
public record InputShapes(List<InputShape> inputs) {
    /** Leaves all to the archive. */
    public static final InputShapes OF_ARCHIVE = new InputShapes(List.of());

    public InputShapes {
        inputs = List.copyOf(inputs);
    }

    /** Shapes of inputs whose types are to be found out. */
    public static InputShapes of(List<long[]> shapes) {
        return new InputShapes(shapes.stream().map(InputShape::of).toList());
    }

    /** Shapes and types of a described model; throws {@link IllegalArgumentException} when a type is not known. */
    public static InputShapes of(ModelDescriptor descriptor) {
        return new InputShapes(descriptor.inputs().stream()
                .map(input -> new InputShape(
                        input.shape().stream().mapToLong(Long::longValue).toArray(),
                        Optional.of(Datatype.parse(input.datatype()))))
                .toList());
    }

    /**
     * Reads what {@link InputShape#parse} reads, inputs parted by semicolons.
     *
     * @throws IllegalArgumentException when it is no such thing
     */
    public static InputShapes parse(String text) {
        return new InputShapes(
                Arrays.stream(text.split(";", -1)).map(InputShape::parse).toList());
    }
}
