package io.espalier.runtime.recovery;

import io.espalier.runtime.ModelRuntimeException;
import io.espalier.runtime.Npz;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training that can be continued, in one file, which is replaced whole or not at all. */
final class Checkpoint {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final String PROGRESS = "progress";
    private static final String TRAINED = "trained/";
    private static final String BEST = "best/";

    private final Path file;
    private final long interval;
    private long lastWritten = System.nanoTime();

    Checkpoint(Path file, Duration interval) {
        this.file = file;
        this.interval = interval.toNanos();
    }

    /**
     * A training on its way.
     *
     * @param steps that were taken
     * @param spent time they took
     * @param trained what the training goes on from
     * @param best the best weights by name
     */
    record Training(int steps, Duration spent, Map<String, Tensor> trained, Map<String, Tensor> best) {}

    /** Empty when there is none that can be read: then it begins anew. */
    Optional<Training> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Map<String, Tensor> arrays = Npz.read(file);
            double[] progress = arrays.get(PROGRESS).reals();
            return Optional.of(new Training(
                    (int) progress[0],
                    Duration.ofNanos((long) progress[1]),
                    under(TRAINED, arrays),
                    under(BEST, arrays)));
        } catch (ModelRuntimeException | NullPointerException | IndexOutOfBoundsException e) {
            LOG.warn("{} is no training that can be continued, and it begins anew", file, e);
            return Optional.empty();
        }
    }

    private static Map<String, Tensor> under(String prefix, Map<String, Tensor> arrays) {
        Map<String, Tensor> under = new LinkedHashMap<>();
        arrays.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                under.put(name.substring(prefix.length()), tensor);
            }
        });
        return under;
    }

    boolean isDue() {
        return System.nanoTime() - lastWritten >= interval;
    }

    void write(Training training) throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put(PROGRESS, Tensor.ofDoubles(new long[] {2}, training.steps(), (double)
                training.spent().toNanos()));
        training.trained().forEach((name, tensor) -> arrays.put(TRAINED + name, storable(tensor)));
        training.best().forEach((name, tensor) -> arrays.put(BEST + name, storable(tensor)));
        Path written = Files.createTempFile(file.getParent(), "training", ".unfinished");
        try {
            Npz.write(written, arrays);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
        lastWritten = System.nanoTime();
    }

    /** float32 holds all that narrower types do, and numpy has no bfloat16. */
    private static Tensor storable(Tensor tensor) {
        return tensor.type().bytes() < Float.BYTES ? Tensor.of(tensor.toFloats()) : tensor;
    }

    /** Of a training that ended there is nothing to continue. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
