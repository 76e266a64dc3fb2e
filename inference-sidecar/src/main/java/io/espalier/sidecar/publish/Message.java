package io.espalier.sidecar.publish;

import io.espalier.protocol.batch.ActivationBatch;
import java.util.List;

/** A batch of one shard, and the samples in it, each of which waits for this and the messages of its other shards. */
record Message(ActivationBatch batch, List<Delivery> samples) {
    void acknowledged() {
        samples.forEach(Delivery::acknowledged);
    }

    void refused() {
        samples.forEach(Delivery::refused);
    }

    /** Whether nothing is gained by sending it: each of its samples is lost already. */
    boolean isLost() {
        return samples.stream().allMatch(Delivery::failed);
    }
}
