package io.espalier.sidecar.publish;

import io.espalier.sidecar.metrics.DropReason;
import io.espalier.sidecar.metrics.SampleMetrics;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A sample on its way in one message per shard: published when the broker has all of them, dropped when it misses one.
 * Completed by the producer's thread.
 */
final class Delivery {
    private final SampleMetrics metrics;
    private final AtomicInteger outstanding;
    private final AtomicBoolean failed = new AtomicBoolean();

    Delivery(int messages, SampleMetrics metrics) {
        this.metrics = metrics;
        this.outstanding = new AtomicInteger(messages);
    }

    boolean failed() {
        return failed.get();
    }

    /** The broker has one of the messages. */
    void acknowledged() {
        complete();
    }

    /** One of the messages is lost. */
    void refused() {
        failed.set(true);
        complete();
    }

    private void complete() {
        if (outstanding.decrementAndGet() == 0) {
            if (failed.get()) {
                metrics.dropped(DropReason.PUBLISH_FAILED, 1);
            } else {
                metrics.published(1);
            }
        }
    }
}
