package io.espalier.sidecar.sampling;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Samples on their way from many requests to one publisher; bounded. A request's samples get in all or not at all, for
 * they share their arrays: half of them would hold the memory of all.
 */
public final class SampleQueue {
    private final int capacity;
    private final Semaphore free;
    private final BlockingQueue<Sample> waiting = new LinkedBlockingQueue<>();

    public SampleQueue(int capacity) {
        this.capacity = capacity;
        this.free = new Semaphore(capacity);
    }

    /**
     * Takes {@code rows} samples in, or returns false when they have no place; never waits.
     *
     * @param captured and {@code points} as of {@link Sample}
     */
    public boolean offer(List<float[]> captured, int rows, BitSet points) {
        if (!free.tryAcquire(rows)) {
            return false;
        }
        for (int row = 0; row < rows; row++) {
            waiting.add(new Sample(captured, row, points));
        }
        return true;
    }

    /** The next sample, or null when none comes within {@code patience}. */
    public Sample poll(Duration patience) throws InterruptedException {
        return released(waiting.poll(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS));
    }

    /** The next sample, or null when there is none. */
    public Sample poll() {
        return released(waiting.poll());
    }

    public int size() {
        return capacity - free.availablePermits();
    }

    private Sample released(Sample sample) {
        if (sample != null) {
            free.release();
        }
        return sample;
    }
}
