package io.espalier.protocol.codec;

/** A record that cannot be meant, with one line that says why. */
public final class RefusedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedRecordException(String message) {
        super(message);
    }

    RefusedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
