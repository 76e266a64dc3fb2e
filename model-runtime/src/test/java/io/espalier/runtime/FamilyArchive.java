package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A tiny archive of a family of networks, or of a known trap (model-surgery/src/test/python/make_families.py), with what
 * PyTorch's own graph says of its tensors.
 */
record FamilyArchive(String name, Path path) {
    private static final Path FOLDER = TestRuntime.fixture("/io/espalier/surgery/families");

    /** Archives by name, in the order of their names. */
    static Stream<FamilyArchive> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".pt"))
                    .sorted()
                    .map(file -> named(file.substring(0, file.length() - 3)))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FamilyArchive named(String name) {
        return new FamilyArchive(name, FOLDER.resolve(name + ".pt"));
    }

    /** How many units can be cut at least, per archive; to be raised when more can be, and never lowered. */
    static Map<String, Integer> leastUnits() {
        return lines(FOLDER.resolve("prunable-units.txt")).stream()
                .map(line -> line.split(" ", -1))
                .collect(Collectors.toMap(words -> words[0], words -> Integer.parseInt(words[1])));
    }

    private List<long[]> shapes() {
        return lines(FOLDER.resolve(name + ".inputs")).stream()
                .map(line -> numbers(line.split(" ", -1)[0]))
                .toList();
    }

    DescribedModel describe(ModelRuntime runtime) throws IOException {
        return new ModelDescriber(runtime).describe(path, name, "1", shapes());
    }

    /** Another archive that takes the same inputs. */
    DescribedModel describe(ModelRuntime runtime, Path other) throws IOException {
        return new ModelDescriber(runtime).describe(other, name, "2", shapes());
    }

    List<Tensor> inputs(long seed) {
        return RandomInputs.of(
                        lines(FOLDER.resolve(name + ".inputs")).stream()
                                .map(FamilyArchive::spec)
                                .toList(),
                        seed)
                .next();
    }

    /** {@code 1,6 int64 50}: a shape, and, of an input that is not float32, its type and what its values are below. */
    private static InputSpec spec(String line) {
        String[] words = line.split(" ", -1);
        return words.length == 1
                ? new InputSpec("", Datatype.FP32, numbers(words[0]), OptionalLong.empty())
                : new InputSpec(
                        "", Datatype.parse(words[1]), numbers(words[0]), OptionalLong.of(Long.parseLong(words[2])));
    }

    List<StoredTensor> tensors() {
        return lines(FOLDER.resolve(name + ".tensors")).stream()
                .map(StoredTensor::parse)
                .toList();
    }

    /**
     * A stored tensor.
     *
     * @param offset in elements of the entry, as strides are
     * @param dead the dimensions to zero where a unit is made dead
     * @param read the dimensions that read units
     */
    record StoredTensor(
            String name,
            String entry,
            int offset,
            String type,
            long[] shape,
            long[] strides,
            long[] dead,
            long[] read) {
        static StoredTensor parse(String line) {
            String[] words = line.split(" ", -1);
            return new StoredTensor(
                    words[0],
                    words[1],
                    Integer.parseInt(words[2]),
                    words[3],
                    numbers(words[4]),
                    numbers(words[5]),
                    numbers(words[6]),
                    numbers(words[7]));
        }

        boolean isDeadAlong(int dim) {
            return Arrays.stream(dead).anyMatch(d -> d == dim);
        }
    }

    private static long[] numbers(String text) {
        return text.equals("-")
                ? new long[0]
                : Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
