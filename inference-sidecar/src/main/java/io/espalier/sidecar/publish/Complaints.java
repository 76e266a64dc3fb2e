package io.espalier.sidecar.publish;

import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what is wrong with Kafka once, and again only after something else: counters tell how long it lasts. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);

    private final String bootstrapServers;
    private String last = "";

    Complaints(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    synchronized void add(String complaint) {
        if (!complaint.equals(last)) {
            last = complaint;
            LOG.warn("Kafka at {}: {}", bootstrapServers, complaint);
        }
    }

    void add(String complaint, Exception error) {
        Throwable cause = error instanceof ExecutionException && error.getCause() != null ? error.getCause() : error;
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        add(complaint + ": " + message.lines().findFirst().orElse(cause.toString()));
    }

    synchronized void resolved() {
        last = "";
    }
}
