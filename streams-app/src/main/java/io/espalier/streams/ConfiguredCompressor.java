package io.espalier.streams;

import io.espalier.protocol.Topics;
import io.espalier.runtime.RuntimeSettings;
import io.espalier.streams.compressor.Compressor;
import io.espalier.streams.compressor.CompressorLimits;
import io.espalier.streams.compressor.RecoveryLimits;
import io.espalier.streams.compressor.RuntimeVersionFactory;
import io.espalier.streams.kafka.ApplicationIds;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.VersionMeters;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.settings.StreamsSettings.CompressorSettings;
import io.espalier.streams.settings.StreamsSettings.RecoverySettings;

/** The compressor as the settings have it, in the streams service as in a process of its own: both are of one group. */
final class ConfiguredCompressor {
    private ConfiguredCompressor() {}

    static Compressor of(
            StreamsSettings settings, ClientProperties clients, VersionMeters versions, DeadLetterMeters deadLetters) {
        CompressorSettings job = settings.compressor();
        RecoverySettings recovery = job.recovery();
        return new Compressor(
                new ApplicationIds(settings.applicationId()).compressor(),
                clients,
                new Topics(settings.topics().prefix()),
                settings.artifactsDir(),
                new CompressorLimits(
                        job.sampledInputs(),
                        new RecoveryLimits(
                                recovery.minInputs(),
                                recovery.maxInputs(),
                                recovery.waitingTime(),
                                recovery.timeLimit())),
                job.lock(),
                new RuntimeVersionFactory(
                        job.randomInputs(), recovery.timeLimit(), () -> RuntimeSettings.fromEnvironment(job.threads())),
                versions,
                deadLetters);
    }
}
