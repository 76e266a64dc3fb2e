package io.espalier.runtime;

import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ShapeProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Records the shapes of a model's tensors by running it once. */
public final class Profiler {
    // Any values would do: a model whose shapes depend on them is not straight-line code, and is refused earlier.
    private static final long SEED = 1;

    private final ModelRuntime runtime;

    public Profiler(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * The shapes at one run.
     *
     * @param inputs shapes of the inputs, with a batch dimension of 1
     * @throws io.espalier.surgery.ModelInputException when the model's first operators cannot take such inputs
     * @throws ModelRuntimeException when a later one cannot
     */
    public ShapeProfile profile(ModelArchive archive, List<long[]> inputs) throws IOException {
        archive.checkInputs(inputs);
        Path profiled = Files.createTempFile("espalier-profiled", ".pt");
        try {
            archive.writeProfiled(profiled);
            try (LoadedModel model = runtime.load(profiled)) {
                return new ShapeProfile(model.callForLongs("forward_profiled", new RandomInputs(inputs, SEED).next()));
            }
        } finally {
            Files.deleteIfExists(profiled);
        }
    }
}
