package io.espalier.cli;

import io.espalier.runtime.recovery.DistilSettings;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a model is distilled. */
final class DistilOptions {
    private static final double SECONDS = 60;

    @Option(
            names = "--distil-steps",
            paramLabel = "N",
            description = "Steps of distilling at most (default 500), of 64 inputs each.")
    private int steps = DistilSettings.DEFAULT.steps();

    @Option(
            names = "--distil-minutes",
            paramLabel = "MINUTES",
            description =
                    "Minutes of distilling at most (default 9); what is interrupted is continued by the same command.")
    private double minutes = DistilSettings.DEFAULT.limit().toMinutes();

    DistilSettings settings() {
        if (steps < 1 || !(minutes > 0)) {
            throw new IllegalArgumentException(
                    "--distil-steps must be 1 or more and --distil-minutes above 0, not " + steps + " and " + minutes);
        }
        return DistilSettings.DEFAULT.within(steps, Duration.ofMillis(Math.round(minutes * SECONDS * 1000)));
    }
}
