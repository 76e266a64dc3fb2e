package io.espalier.runtime.recovery;

import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Measures how far the pruned network's outputs are from the original's on the inputs held out. */
final class Judge {
    private final ModelRuntime runtime;
    private final List<List<Tensor>> batches;
    private final List<List<Tensor>> expected;

    Judge(ModelRuntime runtime, Path original, List<List<Tensor>> batches) {
        this.runtime = runtime;
        this.batches = batches;
        try (LoadedModel model = runtime.load(original)) {
            expected = batches.stream().map(model::forward).toList();
        }
    }

    Divergence.Measured measure(Weights weights) throws IOException {
        try (LoadedModel model = runtime.loadWritten(weights::write)) {
            Divergence divergence = new Divergence();
            for (int i = 0; i < batches.size(); i++) {
                divergence.add(expected.get(i), model.forward(batches.get(i)));
            }
            return divergence.measured();
        }
    }
}
