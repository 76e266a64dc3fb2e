package io.espalier.cli;

import io.espalier.streams.StreamsApplication;
import io.espalier.streams.settings.StreamsSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

@Command(
        name = "streams",
        description = "Runs the streams service until it is stopped.",
        subcommands = {StreamsResetCommand.class, StreamsCleanCommand.class})
final class StreamsCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Properties or YAML; every key can also be given by environment, as ESPALIER_HTTP_PORT.")
    private Path config;

    @Override
    public Integer call() {
        StreamsApplication.run(config);
        return 0;
    }

    /** The settings that the service would run with. */
    StreamsSettings settings() {
        return StreamsSettings.read(config, System.getenv());
    }
}
