package io.espalier.sidecar.publish;

import io.espalier.sidecar.metrics.DropReason;
import io.espalier.sidecar.metrics.SampleMetrics;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The same samples on their way in one message per shard: published when the broker has all of them, dropped when it
 * misses one. Completed by the producer's thread.
 */
final class Delivery {
    private final int samples;
    private final SampleMetrics metrics;
    private final AtomicInteger outstanding;
    private final AtomicBoolean failed = new AtomicBoolean();

    Delivery(int samples, int messages, SampleMetrics metrics) {
        this.samples = samples;
        this.metrics = metrics;
        this.outstanding = new AtomicInteger(messages);
    }

    boolean failed() {
        return failed.get();
    }

    void acknowledged(int bytes) {
        metrics.sent(bytes);
        complete();
    }

    void refused() {
        failed.set(true);
        complete();
    }

    private void complete() {
        if (outstanding.decrementAndGet() == 0) {
            if (failed.get()) {
                metrics.dropped(DropReason.PUBLISH_FAILED, samples);
            } else {
                metrics.published(samples);
            }
        }
    }
}
