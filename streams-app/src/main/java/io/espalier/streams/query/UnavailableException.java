package io.espalier.streams.query;

/** The stores cannot be read at this moment: they are restored, move to another instance, or have ended. */
public final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnavailableException(Throwable cause) {
        super("the state stores are not ready: try again shortly; /health/ready says more", cause);
    }
}
