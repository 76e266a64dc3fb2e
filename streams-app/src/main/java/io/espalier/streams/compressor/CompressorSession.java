package io.espalier.streams.compressor;

import io.espalier.protocol.Topics;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Recommendation;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.InputSource;
import io.espalier.streams.deadletter.Reason;
import io.espalier.streams.kafka.ClientProperties;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.VersionMeters;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The compressor's clients, from one failure to the next. */
final class CompressorSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompressorSession.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final Topics topics;
    private final CompressorLimits limits;
    private final JobLock lock;
    private final VersionMaker maker;
    private final VersionMeters meters;
    private final DeadLetterMeters deadLetters;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final CompressorOutput output;
    private final TopicTable<ModelDescriptor> descriptors;
    private final TopicTable<ModelVersion> versions;
    private final Withdrawals withdrawals;
    private final InputSampler sampler;
    private final PutOff putOff;

    CompressorSession(
            String group,
            ClientProperties clients,
            Topics topics,
            CompressorLimits limits,
            JobLock lock,
            VersionMaker maker,
            VersionMeters meters,
            DeadLetterMeters deadLetters) {
        this.topics = topics;
        this.limits = limits;
        this.lock = lock;
        this.maker = maker;
        this.meters = meters;
        this.deadLetters = deadLetters;
        consumer = new KafkaConsumer<>(
                CompressorClients.consumer(clients, group, limits.recovery().timeLimit()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        output = new CompressorOutput(clients, group, topics, consumer);
        descriptors = new TopicTable<>(new TopicTail(clients.consumer(), topics.models()), Codecs.MODEL_DESCRIPTOR);
        versions = new TopicTable<>(new TopicTail(clients.consumer(), topics.versions()), Codecs.MODEL_VERSION);
        withdrawals = new Withdrawals(new TopicTail(clients.consumer(), topics.recommendations()));
        sampler = new InputSampler(clients.consumer(), topics.inputs());
        putOff = new PutOff(consumer, LOOK_AGAIN, Clock.systemUTC());
    }

    void runUntil(BooleanSupplier stopped) {
        output.open();
        consumer.subscribe(List.of(topics.recommendations()));
        try {
            while (!stopped.getAsBoolean()) {
                putOff.resumeDue();
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
        withdrawals.close();
        output.close();
        consumer.close();
    }

    private void handle(ConsumerRecord<byte[], byte[]> received) {
        Recommendation recommendation;
        try {
            recommendation = Codecs.RECOMMENDATION.decode(received.value() == null ? new byte[0] : received.value());
        } catch (RefusedRecordException e) {
            deadLetters.refused(Reason.BAD_JSON);
            output.deadLetter(received, e);
            return;
        }
        if (recommendation.withdraws() != null) {
            output.nothing(received);
            return;
        }
        VersionKey key = VersionMaker.nameOf(recommendation);
        if (recommendation.policy().dryRun()) {
            LOG.info("{} is not made: its policy is a dry run; set dry_run to false in it to have versions", key);
            output.nothing(received);
            return;
        }
        if (versions.find(key).isPresent()) {
            LOG.info("{} is there already", key);
            output.nothing(received);
            return;
        }
        if (withdrawals.contains(recommendation)) {
            LOG.info("{} is not made: its recommendation was withdrawn", key);
            output.nothing(received);
            return;
        }
        Optional<ModelDescriptor> parent = descriptors.find(recommendation.versionKey());
        List<List<Tensor>> inputs = parent.map(
                        descriptor -> sampler.newest(descriptor, limits.wantedInputs(recommendation)))
                .orElse(List.of());
        if (parent.isPresent()
                && limits.recovery().isWorthWaiting(recommendation, inputs.size(), putOff.waited(received))) {
            if (putOff.add(received)) {
                LOG.info(
                        "{} waits at most {} for inputs to recover with: {} of {} are there; sidecars publish them with"
                                + " espalier.inputs.enabled=true",
                        key,
                        limits.recovery().patience(),
                        inputs.size(),
                        limits.recovery().minInputs());
            }
            return;
        }
        if (!lock.tryRun(() -> make(received, recommendation, parent, inputs)) && putOff.add(received)) {
            LOG.info("{} waits for another compressor of this machine", key);
        }
    }

    private void make(
            ConsumerRecord<byte[], byte[]> received,
            Recommendation recommendation,
            Optional<ModelDescriptor> parent,
            List<List<Tensor>> inputs) {
        if (parent.isEmpty()) {
            publish(received, maker.make(recommendation, parent, InputSource.of(inputs)));
            return;
        }
        try (LiveTail live = sampler.live(parent.get(), Math.max(1, inputs.size()))) {
            publish(received, maker.make(recommendation, parent, new InputSource(inputs, live)));
        }
    }

    private void publish(ConsumerRecord<byte[], byte[]> received, ModelVersion version) {
        VersionKey key = version.key();
        output.version(received, version);
        meters.published(version.state());
        LOG.info("{} is {}{}", key, version.state(), version.reason() == null ? "" : ": " + version.reason());
        version.recovery()
                .forEach(step -> LOG.info(
                        "{}: {} {}",
                        key,
                        step.step(),
                        step.kept()
                                ? "took the divergence from " + step.divergenceBefore() + " to "
                                        + step.divergenceAfter()
                                : "was not kept: " + step.reason()));
    }
}
