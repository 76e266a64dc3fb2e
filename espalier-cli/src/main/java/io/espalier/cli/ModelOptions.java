package io.espalier.cli;

import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelDescriber;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.surgery.ModelArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The model a command works on. */
final class ModelOptions {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A TorchScript archive, traced or frozen.")
    private Path model;

    @Option(
            names = "--input-shape",
            required = true,
            paramLabel = "SHAPE",
            converter = ShapeConverter.class,
            description = "Shape of an input with batch 1, as 1,3,224,224; once for each input.")
    private List<long[]> shapes;

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

    List<long[]> shapes() {
        return shapes;
    }

    /** Refuses what can be refused before the engine is started, which takes a second or two. */
    ModelRuntime startRuntime() {
        ModelArchive.open(model).checkInputs(shapes);
        return ModelRuntime.start(RuntimeSettings.fromEnvironment(threads));
    }

    DescribedModel describe(ModelRuntime runtime) throws IOException {
        return new ModelDescriber(runtime).describe(model, name(), "1", shapes);
    }

    /** Reads {@code 1,3,224,224}. */
    static final class ShapeConverter implements ITypeConverter<long[]> {
        @Override
        public long[] convert(String text) {
            try {
                long[] shape = Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .mapToLong(Long::parseLong)
                        .toArray();
                if (Arrays.stream(shape).allMatch(size -> size > 0)) {
                    return shape;
                }
            } catch (NumberFormatException e) {
                // Said below, as for sizes that are not positive.
            }
            throw new TypeConversionException("'" + text + "' is no shape: give positive sizes, as 1,3,224,224");
        }
    }
}
