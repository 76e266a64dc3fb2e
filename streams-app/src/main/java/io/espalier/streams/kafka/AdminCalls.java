package io.espalier.streams.kafka;

import io.espalier.settings.SettingsException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;

/** Waits for what the brokers are asked, and says in one line why it could not be had. */
public final class AdminCalls {
    /** How long to wait for brokers that may just be starting. */
    public static final int TIMEOUT_MS = 60_000;

    private final String bootstrapServers;

    public AdminCalls(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * The answer.
     *
     * @param what goes on a sentence: "the topics cannot be listed"
     * @throws SettingsException when no broker answers, or it refuses
     */
    public <T> T get(KafkaFuture<T> answer, String what) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw refused(e.getCause(), what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while brokers were asked", e);
        }
    }

    /** A refusal as an exception to throw. */
    public SettingsException refused(Throwable cause, String what) {
        if (cause instanceof TimeoutException) {
            return new SettingsException(
                    "no broker answers at " + bootstrapServers + " within " + TIMEOUT_MS / 1000
                            + " s: start one, or check espalier.kafka.bootstrap.servers and what it says of security",
                    cause);
        }
        return new SettingsException(
                what + " on " + bootstrapServers + ": " + cause.getMessage()
                        + "; check espalier.kafka.*, and the rights of its user",
                cause);
    }
}
