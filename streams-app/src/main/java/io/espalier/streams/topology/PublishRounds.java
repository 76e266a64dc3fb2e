package io.espalier.streams.topology;

import java.time.Duration;

/**
 * When the tasks of a stream thread publish scores. They take turns in rounds: each task publishes once in a round, and the
 * next one begins when nine times as long as this one's publications took has been left for counting. So scores take a tenth
 * of the thread at most, however dear they are and however many tasks share it, and no task keeps the others from publishing.
 *
 * <p>Belongs to one thread.
 */
final class PublishRounds {
    /** All time per time to publish. */
    private static final int SHARE = 10;

    private final long leastMs;
    private long round;
    private long begunMs = Long.MIN_VALUE;
    private long spentNs;

    /** {@code least}: between the beginnings of two rounds. */
    PublishRounds(Duration least) {
        leastMs = least.toMillis();
    }

    /**
     * The round in which a task may publish now; the one it published in last, if it must wait for the next.
     *
     * @param nowMs of the clock
     */
    long at(long nowMs) {
        if (round == 0 || nowMs - begunMs >= Math.max(leastMs, SHARE * spentNs / 1_000_000)) {
            round++;
            begunMs = nowMs;
            spentNs = 0;
        }
        return round;
    }

    /** {@code ns}: processor time that a publication of this round took. */
    void spent(long ns) {
        spentNs += ns;
    }
}
