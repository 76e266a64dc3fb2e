package io.espalier.streams.http;

/** A request that asks for what cannot be given to anybody; the message says what to ask for instead. */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
