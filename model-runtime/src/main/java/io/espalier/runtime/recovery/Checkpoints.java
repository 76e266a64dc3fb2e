package io.espalier.runtime.recovery;

import io.espalier.runtime.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where trainings are remembered, so that one which is interrupted is continued by the next that is asked for the same;
 * those that nobody continued for a week go.
 *
 * @param folder made when there is something to remember
 * @param interval between two times that a training is written; how much of it may be lost
 */
public record Checkpoints(Path folder, Duration interval) {
    private static final String SUFFIX = ".training.npz";
    private static final Duration FORGOTTEN = Duration.ofDays(7);

    /** In a cache folder. */
    public static Checkpoints in(Path cache) {
        return new Checkpoints(cache.resolve("trainings"), Duration.ofSeconds(20));
    }

    /**
     * The same for the same cut, settings and inputs; with live inputs a training goes on with others than it began with.
     *
     * @param how the settings and steps of the recovery
     */
    Checkpoint of(Recovery.Cut cut, InputSource source, Object... how) throws IOException {
        List<byte[]> parts = new ArrayList<>();
        for (String part : List.of(Sha256.of(cut.original()), Sha256.of(cut.pruned()), Arrays.toString(how))) {
            parts.add(part.getBytes(StandardCharsets.UTF_8));
        }
        if (!source.isLive()) {
            source.samples().forEach(sample -> sample.forEach(tensor -> parts.add(tensor.data())));
        }
        Files.createDirectories(folder);
        forgetOld();
        return new Checkpoint(folder.resolve(Sha256.of(parts) + SUFFIX), interval);
    }

    private void forgetOld() throws IOException {
        Instant old = Instant.now().minus(FORGOTTEN);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
