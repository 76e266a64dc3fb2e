package io.espalier.runtime;

/** The engine, or a model in it, could not do what was asked: one line that says what and why. */
public final class ModelRuntimeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelRuntimeException(String message) {
        super(message);
    }

    ModelRuntimeException(String message, Throwable cause) {
        super(message, cause);
    }
}
