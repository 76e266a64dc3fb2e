package io.espalier.cli;

import io.espalier.streams.StreamsApplication;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "streams", description = "Runs the streams service until it is stopped.")
final class StreamsCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Properties or YAML; every key can also be given by environment, as ESPALIER_HTTP_PORT.")
    private Path config;

    @Override
    public Integer call() {
        StreamsApplication.run(config);
        return 0;
    }
}
