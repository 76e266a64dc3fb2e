package io.espalier.streams.compressor;

import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.LiveInputs;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inputs that a version is asked while a job goes on; a job can do without, so trouble with brokers only ends them. */
final class LiveTail implements LiveInputs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveTail.class);

    private final Supplier<TopicTail> opener;
    private final Supplier<NewestInputs> collector;
    private TopicTail tail;
    private boolean isOver;

    LiveTail(Supplier<TopicTail> opener, Supplier<NewestInputs> collector) {
        this.opener = opener;
        this.collector = collector;
    }

    @Override
    public List<List<Tensor>> poll() {
        if (isOver) {
            return List.of();
        }
        try {
            NewestInputs newest = collector.get();
            if (tail == null) {
                tail = opener.get();
                tail.seekToNewest(0);
            }
            tail.readToEnd(newest::take);
            return newest.samples();
        } catch (InterruptException | WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("no further inputs are read: the job goes on with those it has", e);
            isOver = true;
            return List.of();
        }
    }

    @Override
    public void close() {
        if (tail != null) {
            tail.close();
        }
    }
}
