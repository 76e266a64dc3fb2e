package io.espalier.streams.deadletter;

/** A record that is not taken in, with its reason and one line of detail. Without a stack trace: it is no error here. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public RefusedException(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
