package io.espalier.cli;

import java.util.Arrays;
import java.util.Set;

/** Services log to standard output; commands print results there, and log only what is wrong, to standard error. */
final class Logging {
    private static final String CONFIGURATION = "logback.configurationFile";
    private static final Set<String> SERVICES = Set.of("streams", "sidecar", "compressor");
    private static final Set<String> COMMANDS_OF_SERVICES = Set.of("reset", "clean");

    private Logging() {}

    /** Must run before the first logger is made; a configuration that the user names wins. */
    static void configure(String[] args) {
        boolean service = args.length > 0
                && SERVICES.contains(args[0])
                && Arrays.stream(args).noneMatch(COMMANDS_OF_SERVICES::contains);
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(CONFIGURATION, service ? "espalier-service-log.xml" : "espalier-command-log.xml");
        }
    }
}
