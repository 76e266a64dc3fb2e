package io.espalier.streams.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a version of the service, the folder's name, wrote into its changelogs and repartition topics. Folders are never
 * changed, only added: a rolling upgrade reads what the version before wrote.
 *
 * <p>When a format changes, {@link #assertIsWritten} fails and leaves what is written now under {@code target/golden}: add it
 * as a folder of the new version.
 */
public record GoldenFolder(Path folder) {
    private static final Path ALL = Path.of("src", "test", "resources", "golden");
    private static final Path WRITTEN = Path.of("target", "golden");

    /** The folders that have such a file, the oldest first. */
    public static List<GoldenFolder> with(String file) {
        try (Stream<Path> folders = Files.list(ALL)) {
            List<GoldenFolder> found = folders.filter(folder -> Files.exists(folder.resolve(file)))
                    .sorted(Comparator.comparing(GoldenFolder::version, Arrays::compare))
                    .map(GoldenFolder::new)
                    .toList();
            assertThat(found).as("folders with " + file).isNotEmpty();
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String read(String file) {
        try {
            return Files.readString(folder.resolve(file)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails unless this version writes what the newest folder with such a file holds. */
    public static void assertIsWritten(String file, String written) {
        List<GoldenFolder> folders = with(file);
        try {
            Files.createDirectories(WRITTEN);
            Files.write(WRITTEN.resolve(file), (written + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(written)
                .as("what is written now, see %s, is not what the newest golden file says", WRITTEN.resolve(file))
                .isEqualTo(folders.get(folders.size() - 1).read(file));
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }

    private static int[] version(Path folder) {
        return Arrays.stream(folder.getFileName().toString().split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
