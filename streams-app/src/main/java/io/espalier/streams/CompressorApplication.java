package io.espalier.streams;

import io.espalier.streams.settings.StreamsSettings;
import java.nio.file.Path;

/** The compressor as a process of its own, beside streams services with {@code espalier.compressor.enabled=false}. */
public final class CompressorApplication {
    private CompressorApplication() {}

    /**
     * Runs until the process is told to end (SIGTERM, SIGINT); a version at work is then made anew at the next start.
     *
     * @param config properties or YAML file, which may be the streams service's; null to go by the environment alone
     * @throws io.espalier.settings.SettingsException when a setting is missing, unknown or cannot be used here
     */
    public static void run(Path config) {
        ServiceProcess.run(StreamsSettings.readForCompressor(config, System.getenv()), CompressorService::new);
    }
}
