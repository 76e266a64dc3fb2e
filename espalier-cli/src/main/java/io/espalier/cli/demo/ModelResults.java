package io.espalier.cli.demo;

import io.espalier.cli.offline.LabelledData;
import io.espalier.cli.prune.Evaluation;
import io.espalier.cli.prune.Evaluator;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.EquivalenceInputs;
import io.espalier.runtime.InputShapes;
import io.espalier.runtime.InputSpec;
import io.espalier.runtime.InputSpecs;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.VersionBuilder;
import io.espalier.surgery.ModelArchive;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The models of {@code demo --once}, beside {@code model.pt}, which the sidecar serves. */
final class ModelResults {
    private static final int COMPARED_INPUTS = 4;

    private final Path folder;
    private final ModelRuntime runtime;

    ModelResults(Path folder, ModelRuntime runtime) {
        this.folder = folder;
        this.runtime = runtime;
    }

    /**
     * Writes {@code model-pruned.pt} as it was published, and {@code model-cut.pt}, what it was recovered from: the same units
     * removed anew. Evaluates both on the test images.
     */
    Evaluation write(ModelDescriptor descriptor, ModelVersion version, Recommendation recommendation)
            throws IOException {
        Path original = folder.resolve("model.pt");
        Path cut = folder.resolve("model-cut.pt");
        Path pruned = folder.resolve("model-pruned.pt");
        Files.copy(Path.of(URI.create(version.artifact().uri())), pruned, StandardCopyOption.REPLACE_EXISTING);
        EquivalenceInputs compared = new EquivalenceInputs(COMPARED_INPUTS, 1, List.of());
        BuiltVersion built =
                new VersionBuilder(runtime).build(original, descriptor, recommendation.remove(), cut, compared);
        if (!built.isEquivalent()) {
            throw new IllegalStateException("the cut made anew differs from the original with those units zeroed by "
                    + built.maxRelativeError());
        }
        List<InputSpec> inputs = InputSpecs.of(ModelArchive.open(original), InputShapes.of(descriptor));
        LabelledData images = LabelledData.read(DemoFiles.testImages(folder), inputs, Integer.MAX_VALUE);
        Evaluator evaluator = new Evaluator(runtime, original, images);
        return new Evaluation(
                evaluator.inputs(),
                evaluator.accuracyOfOriginal(),
                evaluator.evaluate(cut),
                evaluator.evaluate(pruned));
    }
}
