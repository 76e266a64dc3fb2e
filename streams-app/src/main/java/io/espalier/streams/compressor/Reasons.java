package io.espalier.streams.compressor;

/** What went wrong, for a record. */
final class Reasons {
    private Reasons() {}

    static String oneLine(Throwable e) {
        String message =
                e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
        boolean saysEnough = e instanceof Exception && message.contains(" ");
        return saysEnough ? message : e.getClass().getSimpleName() + ": " + message;
    }
}
