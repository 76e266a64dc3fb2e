package io.espalier.streams.compressor;

import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

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
            Newest newest = new Newest(version, wanted, maxBytes);
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

    private static final class Newest {
        private final ModelDescriptor version;
        private final int wanted;
        private final long maxBytes;
        private final Deque<List<Tensor>> samples = new ArrayDeque<>();
        private long bytes;
        private boolean isCut;

        Newest(ModelDescriptor version, int wanted, long maxBytes) {
            this.version = version;
            this.wanted = wanted;
            this.maxBytes = maxBytes;
        }

        void take(ConsumerRecord<String, byte[]> record) {
            if (!version.key().toString().equals(record.key()) || record.value() == null) {
                return;
            }
            try {
                Optional<List<Tensor>> sample = ModelInputs.of(version, Codecs.INPUT_SAMPLE.decode(record.value()));
                sample.filter(ModelInputs::areFinite).ifPresent(this::add);
            } catch (RefusedRecordException e) {
                return;
            }
        }

        private void add(List<Tensor> sample) {
            samples.addLast(sample);
            bytes += bytes(sample);
            while (samples.size() > wanted || (bytes > maxBytes && samples.size() > 1)) {
                bytes -= bytes(samples.removeFirst());
                isCut = true;
            }
        }

        private static long bytes(List<Tensor> sample) {
            return sample.stream().mapToLong(tensor -> tensor.data().length).sum();
        }

        boolean isFull() {
            return isCut || samples.size() == wanted;
        }

        void clear() {
            samples.clear();
            bytes = 0;
        }

        List<List<Tensor>> samples() {
            return List.copyOf(samples);
        }
    }
}
