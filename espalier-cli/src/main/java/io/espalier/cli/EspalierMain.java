package io.espalier.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The {@code espalier} command. Exit codes: 0 done, 2 wrong input or usage, 1 anything else that went wrong. */
@Command(
        name = "espalier",
        description = "Prunes neural networks from their live inference traffic.",
        version = "espalier 0.1.0",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        subcommands = {
            DemoCommand.class,
            StreamsCommand.class,
            SidecarCommand.class,
            CompressorCommand.class,
            InspectCommand.class,
            ScoreCommand.class,
            PruneCommand.class,
            CompareCommand.class
        })
public final class EspalierMain {
    @Option(names = "--debug", scope = CommandLine.ScopeType.INHERIT, description = "Show the trace of an error.")
    private boolean debug;

    public static void main(String[] args) {
        // Pictures go to files: whatever display there may be, nobody connects to it.
        System.setProperty("java.awt.headless", "true");
        Logging.configure(args);
        System.exit(run(args));
    }

    /** Runs a command line and returns its exit code; prints, but does not exit. */
    static int run(String... args) {
        EspalierMain main = new EspalierMain();
        OneLineErrors errors = new OneLineErrors(() -> main.debug);
        return new CommandLine(main)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .execute(args.length == 0 ? new String[] {"--help"} : args);
    }
}
