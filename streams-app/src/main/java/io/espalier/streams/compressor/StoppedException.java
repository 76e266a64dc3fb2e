package io.espalier.streams.compressor;

/** A job was stopped on its way: it has no verdict, and is done anew at the next start. */
final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("stopped");
    }
}
