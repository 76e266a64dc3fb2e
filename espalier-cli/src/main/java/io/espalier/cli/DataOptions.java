package io.espalier.cli;

import io.espalier.cli.offline.ModelData;
import io.espalier.cli.offline.OfflineScores;
import io.espalier.cli.offline.Progress;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.FloatTensor;
import io.espalier.runtime.ModelRuntime;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/** The inputs that units are scored on. */
final class DataOptions {
    @Option(
            names = "--data",
            defaultValue = "random",
            paramLabel = "FILE|random",
            description = "Inputs: an .npz file whose array x is N,C,H,W float32, or random (default).")
    private String data;

    @Option(
            names = "--samples",
            defaultValue = "256",
            description = "Inputs to use at most (default ${DEFAULT-VALUE}).")
    private int samples;

    List<Expressiveness> score(ModelRuntime runtime, DescribedModel model, List<long[]> shapes) throws IOException {
        if (samples < 2) {
            throw new IllegalArgumentException(
                    "--samples must be 2 or more, not " + samples + ": a score is about pairs");
        }
        List<List<FloatTensor>> inputs = ModelData.open(runtime, data, shapes, samples);
        try (Progress progress = Progress.of("scoring", inputs.size())) {
            return new OfflineScores(runtime).score(model, inputs, progress);
        }
    }
}
