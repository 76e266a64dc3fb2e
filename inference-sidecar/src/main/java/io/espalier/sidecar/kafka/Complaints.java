package io.espalier.sidecar.kafka;

import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what is wrong with Kafka once, and again only after something else: counters tell how long it lasts. */
public final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger(Complaints.class);

    private final String bootstrapServers;
    private String last = "";

    public Complaints(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public synchronized void add(String complaint) {
        if (!complaint.equals(last)) {
            last = complaint;
            LOG.warn("Kafka at {}: {}", bootstrapServers, complaint);
        }
    }

    public void add(String complaint, Exception error) {
        Throwable cause = error instanceof ExecutionException && error.getCause() != null ? error.getCause() : error;
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        add(complaint + ": " + message.lines().findFirst().orElse(cause.toString()));
    }

    public synchronized void resolved() {
        last = "";
    }
}
