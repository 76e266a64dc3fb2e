package io.espalier.benchmarks.kernel;

/** The contenders in Java. */
public enum Kernel {
    ESPALIER("`OverlapCounters`"),
    BYTE_LOOP("byte loop"),
    SET_BIT_WALK("walk of set bits");

    private final String title;

    Kernel(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** {@code bits}: of a sample, a multiple of 64. */
    PositionCounts counts(int bits) {
        return switch (this) {
            case ESPALIER -> new EspalierCounts(bits);
            case BYTE_LOOP -> new ByteLoop(bits);
            case SET_BIT_WALK -> new SetBitWalk(bits);
        };
    }
}
