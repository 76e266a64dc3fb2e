package io.espalier.streams.compressor;

import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.Tensor;
import java.util.List;
import java.util.Map;

/** Fetches the newest inputs that a version was asked, when its server publishes some. */
final class InputSampler {
    /** How far back a partition is read at most for each input wanted: other models share the topic. */
    private static final long READ_PER_WANTED = 16;

    /** Recovery holds its inputs about three times: these, in batches, and what is computed from them. */
    private static final int SHARE_OF_HEAP = 8;

    private final Map<String, Object> properties;
    private final String topic;
    private final long maxBytes;

    InputSampler(Map<String, Object> properties, String topic) {
        this(properties, topic, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    InputSampler(Map<String, Object> properties, String topic, long maxBytes) {
        this.properties = properties;
        this.topic = topic;
        this.maxBytes = maxBytes;
    }

    /**
     * The newest last, a tensor per input of the model each, all values finite; empty when there are none.
     *
     * @param wanted how many at most; fewer are given where they would fill the heap
     */
    List<List<Tensor>> newest(ModelDescriptor version, int wanted) {
        if (wanted == 0) {
            return List.of();
        }
        try (TopicTail tail = new TopicTail(properties, topic)) {
            NewestInputs newest = new NewestInputs(version, wanted, maxBytes);
            // Most often all are of one model, and the last ones are all that is wanted.
            boolean more = true;
            for (long reach = 1; more && !newest.isFull() && reach <= READ_PER_WANTED; reach *= 4) {
                newest.clear();
                more = tail.seekToNewest(wanted * reach);
                tail.readToEnd(newest::take);
            }
            return newest.samples();
        }
    }

    /** Those that come from now on, as many at a time as {@link #newest} gives; it reads no topic before it is asked. */
    LiveTail live(ModelDescriptor version, int wanted) {
        return new LiveTail(() -> new TopicTail(properties, topic), () -> new NewestInputs(version, wanted, maxBytes));
    }
}
