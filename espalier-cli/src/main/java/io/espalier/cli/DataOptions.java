package io.espalier.cli;

import io.espalier.cli.offline.LabelledData;
import io.espalier.cli.offline.ModelData;
import io.espalier.cli.offline.OfflineScores;
import io.espalier.cli.offline.Progress;
import io.espalier.cli.prune.PlanInputs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.InputSpec;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The inputs that units are scored on. */
final class DataOptions {
    private static final String RANDOM = "random";
    private static final int TO_SCORE = 256;
    private static final int TO_RECOVER = 2000;

    @Option(
            names = "--data",
            defaultValue = RANDOM,
            paramLabel = "FILE|random",
            description =
                    "Inputs: an .npz file, or random (default), which is for trying the command: what units do on noise says "
                            + "nothing of what they do on real inputs. Its array x is N,C,H,W float32; for several inputs, "
                            + "an array of N rows for each, by its name.")
    private String data;

    @Option(names = "--samples", description = "Inputs to use at most (default 256 to score units, 2000 to recover).")
    private Integer given;

    /** {@code products}: whether residual variances are asked for, which takes time of the square of the units. */
    List<Expressiveness> score(ModelRuntime runtime, DescribedModel model, boolean products) throws IOException {
        return score(runtime, model, products, List.of());
    }

    private List<Expressiveness> score(
            ModelRuntime runtime, DescribedModel model, boolean products, List<List<Tensor>> read) throws IOException {
        int samples = given == null ? TO_SCORE : given;
        if (samples < 2) {
            throw new IllegalArgumentException(
                    "--samples must be 2 or more, not " + samples + ": a score is about pairs");
        }
        List<InputSpec> specs = model.inputs();
        if (specs.stream().anyMatch(spec -> spec.shape()[0] != 1)) {
            throw new IllegalArgumentException("scores are taken from one input at a time, and here are " + specs
                    + ": give --input-shape with a first size, the batch, of 1");
        }
        List<List<Tensor>> inputs =
                read.isEmpty() ? ModelData.open(data, specs, samples) : read.subList(0, Math.min(samples, read.size()));
        try (Progress progress = Progress.of("scoring", inputs.size())) {
            return new OfflineScores(runtime).score(model, inputs, products, progress);
        }
    }

    /** Inputs to recover with, and their classes where the file has some. */
    LabelledData labelled(DescribedModel model) {
        int samples = given == null ? TO_RECOVER : given;
        return data.equals(RANDOM)
                ? new LabelledData(ModelData.open(data, model.inputs(), samples), Optional.empty())
                : LabelledData.read(Path.of(data), model.inputs(), samples);
    }

    /** {@code read}: what was read already, and is not read again; may be empty. */
    PlanInputs toPlanBy(List<List<Tensor>> read) {
        return new PlanInputs() {
            @Override
            public List<Expressiveness> score(ModelRuntime runtime, DescribedModel model, boolean products)
                    throws IOException {
                return DataOptions.this.score(runtime, model, products, read);
            }

            @Override
            public List<List<Tensor>> samples() {
                return read;
            }
        };
    }
}
