package io.espalier.streams.compressor;

import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.streams.deadletter.DeadLetter;
import io.espalier.streams.deadletter.DeadLetter.Cause;
import io.espalier.streams.deadletter.DeadLetter.Origin;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.kafka.ClientProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What becomes of recommendations. A version and the offset of its recommendation are committed in one transaction, which is
 * begun when the version is made: it is short, however long the making took.
 */
final class CompressorOutput implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Topics topics;
    private final int maxMessageBytes;
    private final Consumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;

    /** {@code consumer}: whose group commits. */
    CompressorOutput(ClientProperties clients, String group, Topics topics, Consumer<byte[], byte[]> consumer) {
        this.topics = topics;
        this.maxMessageBytes = clients.maxMessageBytes();
        this.consumer = consumer;
        this.producer = new KafkaProducer<>(
                CompressorClients.producer(clients, group), new ByteArraySerializer(), new ByteArraySerializer());
    }

    void open() {
        producer.initTransactions();
    }

    void version(ConsumerRecord<byte[], byte[]> received, ModelVersion version) {
        commit(
                received,
                new ProducerRecord<>(
                        topics.versions(),
                        version.key().toString().getBytes(StandardCharsets.UTF_8),
                        Codecs.MODEL_VERSION.encode(version)));
    }

    void deadLetter(ConsumerRecord<byte[], byte[]> received, Exception refused) {
        commit(
                received,
                new DeadLetter(
                                received.key(),
                                received.value(),
                                received.headers(),
                                received.timestamp(),
                                new Origin(received.topic(), received.partition(), received.offset()),
                                new Cause(Reason.BAD_JSON, refused.getMessage()))
                        .toProducerRecord(topics.deadLetters(), maxMessageBytes));
    }

    /** The recommendation is done with all the same. */
    void nothing(ConsumerRecord<byte[], byte[]> received) {
        commit(received, null);
    }

    /** Commits the offset, and the output if there is one; any exception leaves neither. */
    private void commit(ConsumerRecord<byte[], byte[]> received, ProducerRecord<byte[], byte[]> output) {
        producer.beginTransaction();
        if (output != null) {
            // A failed send fails the commit below, which throws it.
            Future<RecordMetadata> unused = producer.send(output);
        }
        producer.sendOffsetsToTransaction(
                Map.of(
                        new TopicPartition(received.topic(), received.partition()),
                        new OffsetAndMetadata(received.offset() + 1)),
                consumer.groupMetadata());
        producer.commitTransaction();
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
