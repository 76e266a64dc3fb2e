package io.espalier.cli.demo;

import io.espalier.protocol.record.RecoveryStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/** The settings of the demo's services, by their full keys: both listen on this machine alone. */
final class ServiceSettings {
    /** As many as 20 seconds of slow traffic need to bring the 512 inputs that recovery takes at most. */
    private static final int INPUTS_PER_MINUTE = 3000;

    private ServiceSettings() {}

    /**
     * Of the streams service.
     *
     * @param broker its bootstrap servers
     * @param models where the compressor leaves smaller versions
     */
    static Map<String, String> streams(String broker, DemoSettings settings, Workplace place, Path models) {
        String steps = settings.recovery().stream().map(RecoveryStep::toString).collect(Collectors.joining(","));
        return Map.ofEntries(
                Map.entry("espalier.kafka.bootstrap.servers", broker),
                Map.entry("espalier.state.dir", place.scratch().resolve("state").toString()),
                Map.entry("espalier.artifacts.dir", models.toAbsolutePath().toString()),
                Map.entry("espalier.http.host", "127.0.0.1"),
                Map.entry("espalier.http.port", String.valueOf(settings.streamsPort())),
                Map.entry("espalier.topics.partitions", "2"),
                Map.entry("espalier.window.pane", settings.pane().toString()),
                Map.entry("espalier.policy.target", settings.target().toString()),
                Map.entry("espalier.policy.criterion", settings.criterion().toString()),
                Map.entry("espalier.policy.min-samples", String.valueOf(settings.minSamples())),
                Map.entry("espalier.policy.dry-run", "false"),
                Map.entry("espalier.policy.recovery", steps),
                Map.entry(
                        "espalier.compressor.lock",
                        place.scratch().resolve("compressor.lock").toString()),
                Map.entry("espalier.compressor.recovery.min-inputs", String.valueOf(settings.recoveryInputs())),
                Map.entry("espalier.compressor.recovery.wait", "PT20S"));
    }

    /**
     * Of the sidecar.
     *
     * @param broker its bootstrap servers
     * @param folder where the model is put
     */
    static Map<String, String> sidecar(String broker, DemoSettings settings, Path folder) throws IOException {
        return Map.ofEntries(
                Map.entry("espalier.kafka.bootstrap.servers", broker),
                Map.entry("espalier.model.path", DemoFiles.model(folder).toString()),
                Map.entry("espalier.model.name", DemoFiles.MODEL_NAME),
                Map.entry("espalier.model.version", DemoFiles.MODEL_VERSION),
                Map.entry("espalier.model.input-shape", DemoFiles.INPUT_SHAPE),
                Map.entry("espalier.http.host", "127.0.0.1"),
                Map.entry("espalier.http.port", String.valueOf(settings.sidecarPort())),
                Map.entry("espalier.sampling.rate", String.valueOf(settings.sampling())),
                Map.entry(
                        "espalier.sampling.products",
                        String.valueOf(settings.criterion().needsProducts())),
                Map.entry("espalier.inputs.enabled", "true"),
                Map.entry("espalier.inputs.per-minute", String.valueOf(INPUTS_PER_MINUTE)));
    }
}
