package io.espalier.benchmarks.process;

import io.espalier.broker.EmbeddedBroker;
import java.io.File;
import java.nio.file.Path;

/** The broker in a process of its own, so that what it costs is alike for all contenders. */
public final class BrokerProcess {
    private BrokerProcess() {}

    /** {@code DIRECTORY}: of its log. */
    public static void main(String[] arguments) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), 0)) {
            System.out.println("listening " + broker.bootstrapServers());
            while (System.in.read() >= 0) {
                // Only the end of the input says something.
            }
        }
    }

    /** Starts one below {@code work}. */
    static ChildProcess start(Path work) {
        File log = work.resolve("broker.log").toFile();
        return ChildProcess.start(
                BrokerProcess.class, "768m", false, log, work.resolve("broker").toString());
    }
}
