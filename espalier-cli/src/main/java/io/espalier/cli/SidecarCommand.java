package io.espalier.cli;

import io.espalier.sidecar.Sidecar;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "sidecar", description = "Serves a model and samples its activations, until it is stopped.")
final class SidecarCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Properties or YAML; every key can also be given by environment, as ESPALIER_MODEL_PATH.")
    private Path config;

    @Override
    public Integer call() throws Exception {
        Sidecar.run(config);
        return 0;
    }
}
