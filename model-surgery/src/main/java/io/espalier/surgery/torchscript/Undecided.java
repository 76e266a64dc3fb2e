package io.espalier.surgery.torchscript;

/** Thrown where inlining meets a condition that needs to be recorded first; what it stopped at is in the message. */
final class Undecided extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Undecided(String place) {
        super(place, null, false, false);
    }
}
