package io.espalier.cli;

import java.util.Arrays;

/** Services log to standard output; commands print results there, and log only what is wrong, to standard error. */
final class Logging {
    private static final String CONFIGURATION = "logback.configurationFile";

    private Logging() {}

    /** Must run before the first logger is made; a configuration that the user names wins. */
    static void configure(String[] args) {
        boolean service = Arrays.stream(args)
                .findFirst()
                .filter(command -> command.equals("streams") || command.equals("sidecar"))
                .isPresent();
        if (System.getProperty(CONFIGURATION) == null) {
            System.setProperty(CONFIGURATION, service ? "espalier-service-log.xml" : "espalier-command-log.xml");
        }
    }
}
