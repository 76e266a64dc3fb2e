package io.espalier.runtime.latency;

import io.espalier.runtime.RememberedNumbers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Remembers times from one run to the next, in a file per machine, number of threads and version of the engine. Times that
 * did not settle are not remembered, and so are measured again; delete the file to have all measured anew.
 */
public final class TimesFile implements LayerStopwatch {
    private static final int MOST_ENTRIES = 200_000;

    private final LayerStopwatch stopwatch;
    private final RememberedNumbers times;

    /**
     * Reads what is known of a machine.
     *
     * @param folder where the files lie; made when the first is written
     * @param machine what decides how long an operator takes, in words
     * @param stopwatch for what is not known yet
     */
    public TimesFile(Path folder, String machine, LayerStopwatch stopwatch) {
        this.stopwatch = stopwatch;
        this.times = new RememberedNumbers(
                folder.resolve("times-" + UUID.nameUUIDFromBytes(machine.getBytes(StandardCharsets.UTF_8)) + ".json"),
                MOST_ENTRIES);
    }

    @Override
    public RepeatedTiming.Times time(LayerShape shape, long rows, long columns) {
        String key = shape.key(rows, columns);
        Optional<Double> known = times.get(key).filter(time -> time > 0);
        if (known.isPresent()) {
            return new RepeatedTiming.Times(known.get(), known.get(), true);
        }
        RepeatedTiming.Times measured = stopwatch.time(shape, rows, columns);
        if (measured.settled()) {
            times.put(key, measured.least());
        }
        return measured;
    }

    /** Writes what is known now, whole or not at all. */
    public void save() throws IOException {
        times.save();
    }
}
