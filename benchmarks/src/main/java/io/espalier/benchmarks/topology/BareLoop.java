package io.espalier.benchmarks.topology;

import io.espalier.benchmarks.topology.ContenderSettings.Kind;
import io.espalier.protocol.Topics;
import io.espalier.protocol.batch.PackedBatch;
import io.espalier.protocol.codec.PackedBatchCodec;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.streams.kafka.ClientProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads and counts as the topology does, with the same code, and forgets all of it when it ends: no panes, no scores, no commits,
 * nothing that outlives it.
 */
final class BareLoop implements Contender {
    private final ContenderSettings settings;
    private final Map<String, PaneStatistics> statistics = new HashMap<>();
    private final Thread thread = new Thread(this::run, "bare-loop");
    private volatile long records;
    private volatile boolean closed;

    BareLoop(ContenderSettings settings) {
        this.settings = settings;
    }

    @Override
    public void start() {
        thread.start();
    }

    private void run() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        if (settings.kind() == Kind.BARE_LOOP_OUR_SOCKETS) {
            properties.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, ClientProperties.SYSTEM_SOCKET_BUFFER);
        }
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    List.of(new TopicPartition(new Topics(settings.prefix()).activations(), 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long counted = 0;
            while (!closed) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    count(record);
                    records = ++counted;
                }
            }
        }
    }

    private void count(ConsumerRecord<String, byte[]> record) {
        PackedBatch batch = PackedBatchCodec.decode(record.value());
        statistics
                .computeIfAbsent(record.key(), key -> PaneStatistics.create(batch.units(), batch.positions()))
                .add(batch);
    }

    @Override
    public long records() {
        return records;
    }

    @Override
    public long changelogBytes() {
        return 0;
    }

    @Override
    public long runningAfterMs() {
        return 0;
    }

    @Override
    public long refused() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}
