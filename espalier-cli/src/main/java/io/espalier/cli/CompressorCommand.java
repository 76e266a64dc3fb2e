package io.espalier.cli;

import io.espalier.streams.CompressorApplication;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "compressor",
        description = "Runs the compressor alone until it is stopped; the streams services then do without theirs.")
final class CompressorCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Properties or YAML, as the streams service's; every key can also be given by environment, as "
                            + "ESPALIER_COMPRESSOR_THREADS.")
    private Path config;

    @Override
    public Integer call() {
        CompressorApplication.run(config);
        return 0;
    }
}
