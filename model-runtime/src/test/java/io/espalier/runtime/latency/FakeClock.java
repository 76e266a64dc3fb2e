package io.espalier.runtime.latency;

import java.util.function.LongSupplier;

/** A clock that moves when a call says so. */
final class FakeClock implements LongSupplier {
    private long nanos;
    private int calls;

    @Override
    public long getAsLong() {
        return nanos;
    }

    /** A call that takes these milliseconds in turn, and the last of them from then on. */
    Runnable taking(double... milliseconds) {
        int[] next = {0};
        return () -> {
            calls++;
            nanos += (long) (milliseconds[Math.min(next[0]++, milliseconds.length - 1)] * 1e6);
        };
    }

    int calls() {
        return calls;
    }
}
