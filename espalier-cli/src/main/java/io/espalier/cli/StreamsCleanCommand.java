package io.espalier.cli;

import io.espalier.streams.maintenance.Maintenance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "clean",
        description =
                "Deletes what the stopped streams services and compressors have stored in Kafka and in the state"
                        + " folder: consumer groups, internal topics, local state. Says what it would do unless --execute is given.")
final class StreamsCleanCommand implements Callable<Integer> {
    @ParentCommand
    private StreamsCommand streams;

    @Option(
            names = "--topics",
            description =
                    "Also the installation's topics, with every record on them: models, policies, scores, versions.")
    private boolean withTopics;

    @Mixin
    private RemovalOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Maintenance maintenance = new Maintenance(streams.settings())) {
            options.run(
                    maintenance,
                    maintenance.planClean(withTopics),
                    spec.commandLine().getOut());
        }
        return 0;
    }
}
