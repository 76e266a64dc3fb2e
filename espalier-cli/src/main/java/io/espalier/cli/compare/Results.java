package io.espalier.cli.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has been found out so far; the file follows. */
final class Results {
    private final ResultsFile file;
    private final Comparison.Original original;
    private final RunGrid grid;
    private final Map<RunKey, Run> runs;
    private final Set<LeftOut> leftOut = new LinkedHashSet<>();

    /** Begins with the runs that the file holds. */
    Results(ResultsFile file, Comparison.Original original, RunGrid grid) {
        this.file = file;
        this.original = original;
        this.grid = grid;
        this.runs = file.runs();
    }

    Setup setup() {
        return file.setup();
    }

    Path folder() {
        return file.folder();
    }

    List<RunKey> missing(List<RunKey> asked) {
        return asked.stream().filter(key -> !runs.containsKey(key)).toList();
    }

    void add(Run run) throws IOException {
        runs.put(run.key(), run);
        file.write(comparison());
    }

    /** {@code reason}: why it cannot be cut, in one line. */
    void leaveOut(RunKey.Cut cut, String reason) {
        leftOut.add(new LeftOut(cut.criterion(), cut.target(), reason));
    }

    /**
     * Writes the file a last time.
     *
     * @throws IllegalArgumentException when there is nothing to write
     */
    Comparison end() throws IOException {
        Comparison comparison = comparison();
        if (comparison.medians().isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing to compare: " + leftOut.iterator().next().reason());
        }
        file.write(comparison);
        return comparison;
    }

    private Comparison comparison() {
        return Comparison.of(file.setup(), original, grid, runs, leftOut);
    }
}
