package io.espalier.streams.compressor;

import io.espalier.protocol.Topics;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Recommendation;
import io.espalier.streams.deadletter.DeadLetter;
import io.espalier.streams.deadletter.DeadLetter.Cause;
import io.espalier.streams.deadletter.DeadLetter.Origin;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.VersionMeters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compressor's clients, from one failure to the next. A version and the offset of its recommendation are committed in
 * one transaction, which is begun when the version is made: it is short, however long the making took.
 */
final class CompressorSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompressorSession.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Topics topics;
    private final int maxMessageBytes;
    private final VersionMaker maker;
    private final VersionMeters meters;
    private final DeadLetterMeters deadLetters;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final TopicTable<ModelDescriptor> descriptors;
    private final TopicTable<ModelVersion> versions;
    private final InputSampler sampler;

    CompressorSession(
            String group,
            ClientProperties clients,
            Topics topics,
            int sampledInputs,
            VersionMaker maker,
            VersionMeters meters,
            DeadLetterMeters deadLetters) {
        this.topics = topics;
        this.maxMessageBytes = clients.maxMessageBytes();
        this.maker = maker;
        this.meters = meters;
        this.deadLetters = deadLetters;
        consumer = new KafkaConsumer<>(
                CompressorClients.consumer(clients, group), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                CompressorClients.producer(clients, group), new ByteArraySerializer(), new ByteArraySerializer());
        descriptors = new TopicTable<>(new TopicTail(clients.consumer(), topics.models()), Codecs.MODEL_DESCRIPTOR);
        versions = new TopicTable<>(new TopicTail(clients.consumer(), topics.versions()), Codecs.MODEL_VERSION);
        sampler = new InputSampler(clients.consumer(), topics.inputs(), sampledInputs);
    }

    void runUntil(BooleanSupplier stopped) {
        producer.initTransactions();
        consumer.subscribe(List.of(topics.recommendations()));
        try {
            while (!stopped.getAsBoolean()) {
                consumer.poll(POLL).forEach(this::handle);
            }
        } catch (WakeupException e) {
            LOG.debug("the compressor is asked to stop");
        }
    }

    /** From another thread. */
    void stop() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        descriptors.close();
        versions.close();
        producer.close(CLOSE);
        consumer.close();
    }

    private void handle(ConsumerRecord<byte[], byte[]> received) {
        Recommendation recommendation;
        try {
            recommendation = Codecs.RECOMMENDATION.decode(received.value() == null ? new byte[0] : received.value());
        } catch (RefusedRecordException e) {
            deadLetters.refused(Reason.BAD_JSON);
            commit(received, deadLetter(received, e));
            return;
        }
        VersionKey key = VersionMaker.nameOf(recommendation);
        if (versions.find(key).isPresent()) {
            LOG.info("{} is there already", key);
            commit(received, null);
            return;
        }
        ModelVersion version = maker.make(
                recommendation,
                descriptors.find(recommendation.versionKey()),
                sampler.newest(recommendation.versionKey()));
        commit(
                received,
                new ProducerRecord<>(
                        topics.versions(),
                        key.toString().getBytes(StandardCharsets.UTF_8),
                        Codecs.MODEL_VERSION.encode(version)));
        meters.published(version.state());
        LOG.info("{} is {}{}", key, version.state(), version.reason() == null ? "" : ": " + version.reason());
    }

    private ProducerRecord<byte[], byte[]> deadLetter(ConsumerRecord<byte[], byte[]> received, Exception refused) {
        return new DeadLetter(
                        received.key(),
                        received.value(),
                        received.headers(),
                        received.timestamp(),
                        new Origin(received.topic(), received.partition(), received.offset()),
                        new Cause(Reason.BAD_JSON, refused.getMessage()))
                .toProducerRecord(topics.deadLetters(), maxMessageBytes);
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
}
