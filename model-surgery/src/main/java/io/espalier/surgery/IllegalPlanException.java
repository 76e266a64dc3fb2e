package io.espalier.surgery;

/** A pruning plan that cannot be carried out, with a one-line message that names the group and why. */
public final class IllegalPlanException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public IllegalPlanException(String message) {
        super(message);
    }
}
