package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Random inputs of a model; the same seed gives the same inputs. Floating types are filled from the standard normal
 * distribution. Whole numbers are uniform from 0 to below the rows of the smallest table that they index; where they
 * index none, UINT8 takes all its values (an image's bytes) and other types 0 or 1, which serve as a mask, a kind or a
 * flag.
 */
public final class RandomInputs {
    private static final int BYTES = 256;
    private static final int FLAGS = 2;

    private final List<InputSpec> inputs;
    private final Random random;

    private RandomInputs(Random random, List<InputSpec> inputs) {
        this.inputs = List.copyOf(inputs);
        this.random = random;
    }

    /** Inputs of FP32 of these shapes. */
    public RandomInputs(List<long[]> shapes, long seed) {
        this(
                new Random(seed),
                shapes.stream()
                        .map(shape -> new InputSpec("", Datatype.FP32, shape, OptionalLong.empty()))
                        .toList());
    }

    public static RandomInputs of(List<InputSpec> inputs, long seed) {
        return new RandomInputs(new Random(seed), inputs);
    }

    /** The next input: a tensor for each of the model's. */
    public List<Tensor> next() {
        return inputs.stream().map(this::fill).toList();
    }

    private Tensor fill(InputSpec input) {
        long[] shape = input.shape();
        int size = Math.toIntExact(FloatTensor.elements(shape));
        TensorBuilder builder = new TensorBuilder(input.type(), size);
        long limit = limit(input);
        for (int i = 0; i < size; i++) {
            if (input.type().isFloating() && input.limit().isEmpty()) {
                builder.add(random.nextGaussian());
            } else {
                builder.add(random.nextLong(limit));
            }
        }
        return builder.build(shape);
    }

    private static long limit(InputSpec input) {
        long largest = switch (input.type()) {
            case BOOL -> FLAGS;
            case INT8 -> Byte.MAX_VALUE;
            case UINT8 -> BYTES;
            default -> Integer.MAX_VALUE;
        };
        long unlimited = input.type() == Datatype.UINT8 ? BYTES : FLAGS;
        return Math.min(largest, input.limit().orElse(unlimited));
    }
}
