package io.espalier.streams.compressor;

import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Collects the newest inputs of a version out of what a topic holds, within bounds. */
final class NewestInputs {
    private final ModelDescriptor version;
    private final int wanted;
    private final long maxBytes;
    private final Deque<List<Tensor>> samples = new ArrayDeque<>();
    private long bytes;
    private boolean isCut;

    NewestInputs(ModelDescriptor version, int wanted, long maxBytes) {
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
