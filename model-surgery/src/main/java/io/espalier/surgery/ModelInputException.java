package io.espalier.surgery;

/** Input shapes that the model cannot take, with a one-line message that names the input and what it expects. */
public final class ModelInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelInputException(String message) {
        super(message);
    }
}
