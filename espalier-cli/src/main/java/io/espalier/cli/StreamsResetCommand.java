package io.espalier.cli;

import io.espalier.streams.maintenance.Maintenance;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "reset",
        description =
                "Lets the stopped streams services count and plan anew all that is still on the topics: deletes their"
                        + " offsets, internal topics and local state. Says what it would do unless --execute is given.")
final class StreamsResetCommand implements Callable<Integer> {
    @ParentCommand
    private StreamsCommand streams;

    @Mixin
    private RemovalOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try (Maintenance maintenance = new Maintenance(streams.settings())) {
            options.run(maintenance, maintenance.planReset(), spec.commandLine().getOut());
        }
        return 0;
    }
}
