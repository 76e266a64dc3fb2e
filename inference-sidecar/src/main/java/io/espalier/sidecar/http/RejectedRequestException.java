package io.espalier.sidecar.http;

/** A request that cannot be meant: the HTTP status it gets, and one line that says what is wrong. */
final class RejectedRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RejectedRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    static RejectedRequestException badRequest(String message) {
        return new RejectedRequestException(400, message);
    }

    int status() {
        return status;
    }
}
