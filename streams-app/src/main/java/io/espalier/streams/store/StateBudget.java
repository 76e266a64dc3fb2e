package io.espalier.streams.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What the windows of all shards of this instance may take together. Shared by the stream threads.
 *
 * <p>A shard is counted with what its window can come to ({@link io.espalier.protocol.score.StateSize}), when it is first
 * seen: a shard that is let in is never thrown out for others that come later.
 */
public final class StateBudget {
    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** {@code limit}: bytes. */
    public StateBudget(long limit) {
        this.limit = limit;
    }

    /** Takes bytes if they are left; returns whether they were. */
    boolean tryTake(long bytes) {
        long before = taken.get();
        while (before + bytes <= limit) {
            if (taken.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = taken.get();
        }
        return false;
    }

    /** Takes bytes of state that is there already, left or not. */
    void take(long bytes) {
        taken.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    public long limit() {
        return limit;
    }

    /** Bytes that are taken now. */
    public long taken() {
        return taken.get();
    }
}
