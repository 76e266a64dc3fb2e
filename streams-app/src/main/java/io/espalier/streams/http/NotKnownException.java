package io.espalier.streams.http;

/** Something in the path of a request does not exist. */
final class NotKnownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotKnownException(String message) {
        super(message);
    }
}
