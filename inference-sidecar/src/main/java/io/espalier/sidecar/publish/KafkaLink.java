package io.espalier.sidecar.publish;

import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.sidecar.kafka.Complaints;
import io.espalier.sidecar.kafka.KafkaClients;
import io.espalier.sidecar.settings.SidecarSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The way to Kafka, open once the model is registered: its descriptor is there before its first sample. Waits for topics
 * and never makes them: the streams app does, with the settings they need, and a producer that asks for one too early
 * would have the broker make it with others.
 */
final class KafkaLink {
    private static final long PATIENCE_SECONDS = 5;

    private final KafkaClients clients;
    private final ModelDescriptor model;
    private final String modelsTopic;
    private final List<String> needed;
    private final Complaints complaints;

    KafkaLink(KafkaClients clients, ModelDescriptor model, SidecarSettings settings, Complaints complaints) {
        Topics topics = settings.topics();
        this.clients = clients;
        this.model = model;
        this.modelsTopic = topics.models();
        this.needed = new ArrayList<>(List.of(topics.models(), topics.activations()));
        if (settings.inputs().enabled()) {
            needed.add(topics.inputs());
        }
        this.complaints = complaints;
    }

    /** One attempt: a producer when all topics are there and the descriptor is published, else nothing, and a word why. */
    Optional<Producer<String, byte[]>> open() throws InterruptedException {
        try (Admin admin = clients.admin()) {
            List<String> missing = missingTopics(admin);
            if (missing.isEmpty()) {
                return Optional.of(registered(clients.producer()));
            }
            complaints.add("waiting for topics " + missing + ", which the streams app creates");
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            complaints.add("the model cannot be registered", e);
        }
        return Optional.empty();
    }

    private Producer<String, byte[]> registered(KafkaProducer<String, byte[]> producer)
            throws ExecutionException, InterruptedException, TimeoutException {
        boolean done = false;
        try {
            byte[] value = Codecs.MODEL_DESCRIPTOR.encode(model);
            producer.send(new ProducerRecord<>(modelsTopic, model.key().toString(), value))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            done = true;
            return producer;
        } finally {
            if (!done) {
                producer.close(Duration.ZERO);
            }
        }
    }

    private List<String> missingTopics(Admin admin) throws ExecutionException, InterruptedException {
        List<String> missing = new ArrayList<>();
        for (var topic : admin.describeTopics(needed).topicNameValues().entrySet()) {
            if (!exists(topic.getValue())) {
                missing.add(topic.getKey());
            }
        }
        return missing.stream().sorted().toList();
    }

    private static boolean exists(KafkaFuture<?> topic) throws ExecutionException, InterruptedException {
        try {
            topic.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }
}
