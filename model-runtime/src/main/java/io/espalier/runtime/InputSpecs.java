package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import io.espalier.surgery.ExampleInput;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ModelInput;
import io.espalier.surgery.ModelInputException;
import io.espalier.surgery.graph.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts together what is known of a model's inputs. A type is what the caller says; else what the model was traced with;
 * else what the first layers that read the input take (see {@link ModelInput}); else FP32.
 */
public final class InputSpecs {
    private InputSpecs() {}

    /**
     * The inputs of a model, in order.
     *
     * @param given by the caller; when it says nothing, shapes are those the model was traced with
     * @throws ModelInputException when it is not said what the shapes are, or these are not the model's
     */
    public static List<InputSpec> of(ModelArchive archive, InputShapes given) {
        List<InputShape> shapes = given.inputs();
        if (shapes.isEmpty()) {
            shapes = archive.exampleInputs().orElseThrow(() -> unknown(archive.inputs())).stream()
                    .map(example -> InputShape.of(example.shape()))
                    .toList();
        }
        int count = shapes.size();
        Optional<List<ExampleInput>> examples = archive.exampleInputs().filter(example -> example.size() == count);
        ModelArchive called = archive;
        if (archive.inputNames().size() != count) {
            // Which inputs there are is settled by how many are given: the others are optional.
            called = archive.withInputs(shapes.stream()
                    .map(shape -> new ExampleInput(shape.sizes(), ElementType.FLOAT32))
                    .toList());
        }
        List<ModelInput> inputs = called.inputs();
        // Also holds the number of shapes against that of the inputs.
        called.checkInputs(shapes.stream().map(InputShape::sizes).toList());
        List<InputSpec> specs = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            int index = i;
            ModelInput input = inputs.get(i);
            Datatype type = shapes.get(i)
                    .type()
                    .or(() -> examples.map(example -> example.get(index).type()).flatMap(ElementTypes::datatype))
                    .or(() -> input.type().flatMap(ElementTypes::datatype))
                    .orElse(Datatype.FP32);
            input.type().flatMap(ElementTypes::datatype).ifPresent(taken -> check(input, type, taken));
            specs.add(new InputSpec(input.name(), type, shapes.get(i).sizes(), input.limit()));
        }
        return specs;
    }

    /** The archive for a call with inputs of these shapes and types. */
    static ModelArchive given(ModelArchive archive, List<InputSpec> specs) {
        return archive.withInputs(specs.stream()
                .map(spec -> new ExampleInput(spec.shape(), ElementTypes.stored(spec.type())))
                .toList());
    }

    static boolean sameTypes(List<InputSpec> some, List<InputSpec> others) {
        return some.stream()
                .map(InputSpec::type)
                .toList()
                .equals(others.stream().map(InputSpec::type).toList());
    }

    /** Tables are indexed by any whole numbers, and libtorch computes in one floating type at a time. */
    private static void check(ModelInput input, Datatype type, Datatype taken) {
        if (type != taken && taken.isFloating()) {
            throw new ModelInputException("input " + input.name() + " is said to be " + type
                    + ", and the first layer that reads it takes " + taken);
        }
    }

    private static ModelInputException unknown(List<ModelInput> inputs) {
        List<String> names = inputs.stream().map(ModelInput::name).toList();
        return new ModelInputException("the archive does not hold the inputs it was traced with: give the shape of "
                + (names.size() == 1
                        ? "its input " + names.get(0)
                        : "each of its inputs " + String.join(", ", names) + ", in this order")
                + " with a batch of 1, as 1,3,224,224 or 1,128:int64");
    }
}
