package io.espalier.cli;

import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.InputShape;
import io.espalier.runtime.InputShapes;
import io.espalier.runtime.InputSpecs;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.ModelInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model a command works on. */
final class ModelOptions {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A TorchScript archive: traced, frozen or scripted.")
    private Path model;

    @Option(
            names = "--input-shape",
            paramLabel = "SHAPE[:TYPE]",
            split = ";",
            converter = ShapeConverter.class,
            description = {
                "Shape of an input, its first size the batch, which should be 1: costs are of one row of it, and scores "
                        + "need it. As 1,3,224,224; with a type where it is not float32 and cannot be found out, as "
                        + "1,128:int64. Once for each input, or parted by semicolons.",
                "Not needed for an archive that holds the inputs it was traced with."
            })
    private List<InputShape> shapes = List.of();

    @Option(names = "--threads", defaultValue = "0", description = "Threads of libtorch; 0: one per processor.")
    private int threads;

    Path path() {
        return model;
    }

    String name() {
        String file = model.getFileName().toString();
        String stem = file.contains(".") ? file.substring(0, file.lastIndexOf('.')) : file;
        return stem.replaceAll("[^A-Za-z0-9._:-]", "-").replaceAll("^[^A-Za-z0-9]+", "m");
    }

    /** Refuses what can be refused before the engine is started, which takes a second or two. */
    ModelRuntime startRuntime() {
        try {
            InputSpecs.of(ModelArchive.open(model), new InputShapes(shapes));
        } catch (ModelInputException e) {
            throw shapes.isEmpty() ? new ModelInputException("--input-shape is not given, and " + e.getMessage()) : e;
        }
        return ModelRuntime.start(RuntimeSettings.fromEnvironment(threads));
    }

    /** Where times of layers are remembered from one command to the next. */
    Path timesFolder() {
        return cache().resolve("times");
    }

    /** Where what takes long is remembered from one command to the next. */
    Path cache() {
        return RuntimeSettings.fromEnvironment(threads).cache();
    }

    DescribedModel describe(ModelRuntime runtime) throws IOException {
        return new ModelDescriber(runtime).describe(model, name(), "1", new InputShapes(shapes));
    }

    /** Reads {@code 1,3,224,224} and {@code 1,128:int64}. */
    static final class ShapeConverter implements ITypeConverter<InputShape> {
        @Override
        public InputShape convert(String text) {
            return Converted.orUsage(text, InputShape::parse);
        }
    }
}
