package io.espalier.streams;

import io.espalier.settings.SettingsException;
import io.espalier.streams.settings.StreamsSettings;
import java.nio.file.Path;

/** The streams application as a process. */
public final class StreamsApplication {
    private StreamsApplication() {}

    /**
     * Runs until the process is told to end (SIGTERM, SIGINT), then commits and stops.
     *
     * @param config properties or YAML file; null to go by the environment alone
     * @throws SettingsException when a setting is missing, unknown or cannot be used here: no broker answers, say, or the
     *     port is taken
     * @throws IllegalStateException when too many of its threads died
     */
    public static void run(Path config) {
        ServiceProcess.run(StreamsSettings.read(config, System.getenv()), StreamsService::new);
    }

    /** {@code CONFIG}: the file to run with. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("give one argument: the properties or YAML file to run with");
            System.exit(2);
        }
        try {
            run(Path.of(arguments[0]));
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("failed: " + e.getMessage());
            System.exit(1);
        }
    }
}
