package io.espalier.streams.query;

/** What is asked for cannot be read at this moment: it is restored, moves to another instance, or its owner is silent. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says in one line what is missing, and what mends it when waiting does not. */
    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    static UnavailableException notRunning(Throwable cause) {
        return new UnavailableException(
                "the state stores are not ready: try again shortly; /health/ready says more", cause);
    }
}
