package io.espalier.surgery;

import io.espalier.surgery.coupling.StoredNumbers;
import io.espalier.surgery.graph.ElementType;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads the numbers and index lists of an archive. */
final class SmallTensors implements StoredNumbers {
    private static final int LIST_LIMIT = 1 << 16;

    private final TorchScriptModel model;

    SmallTensors(TorchScriptModel model) {
        this.model = model;
    }

    @Override
    public Optional<Object> of(Parameter parameter) {
        return model.number(parameter);
    }

    @Override
    public Optional<long[]> list(Parameter parameter) {
        boolean wide = parameter.type() == ElementType.INT64;
        if (parameter.shape().length != 1
                || parameter.elements() > LIST_LIMIT
                || !(wide || parameter.type() == ElementType.INT32)) {
            return Optional.empty();
        }
        ByteBuffer content = model.content(parameter);
        long[] numbers = new long[(int) parameter.elements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = wide ? content.getLong(8 * i) : content.getInt(4 * i);
        }
        return Optional.of(numbers);
    }
}
