package io.espalier.sidecar.publish;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.Topics;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.batch.InputSample;
import io.espalier.sidecar.metrics.InputMetrics;
import io.espalier.sidecar.metrics.SampleMetrics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Sends batches and inputs, and counts what comes of them. Closing it completes every delivery, one way or the other. */
final class MessageSender {
    private final Producer<String, byte[]> producer;
    private final Topics topics;
    private final SampleMetrics metrics;
    private final InputMetrics inputMetrics;
    private final Complaints complaints;

    MessageSender(
            Producer<String, byte[]> producer,
            Topics topics,
            SampleMetrics metrics,
            InputMetrics inputMetrics,
            Complaints complaints) {
        this.producer = producer;
        this.topics = topics;
        this.metrics = metrics;
        this.inputMetrics = inputMetrics;
        this.complaints = complaints;
    }

    /** Sends the batches of all shards, each of the same {@code samples} samples. */
    void send(List<ActivationBatch> batches, int samples) {
        Delivery delivery = new Delivery(samples, batches.size(), metrics);
        batches.forEach(batch -> send(batch, delivery));
    }

    private void send(ActivationBatch batch, Delivery delivery) {
        if (delivery.failed()) {
            // The samples are lost as a whole; to wait for the broker once more for each shard would only lose more.
            delivery.refused();
            return;
        }
        byte[] value = batch.toByteArray();
        ShardKey key =
                new ShardKey(batch.getModel(), batch.getVersion(), batch.getCapturePoint(), batch.getFirstUnit());
        try {
            // Its callback has the outcome.
            var unused =
                    producer.send(new ProducerRecord<>(topics.activations(), key.toString(), value), (sent, error) -> {
                        if (error == null) {
                            complaints.resolved();
                            delivery.acknowledged(value.length);
                        } else {
                            refused(delivery, error);
                        }
                    });
        } catch (KafkaException e) {
            refused(delivery, e);
        }
    }

    private void refused(Delivery delivery, Exception error) {
        complaints.add("samples are lost", error);
        delivery.refused();
    }

    void send(InputSample input) {
        String key = new VersionKey(input.getModel(), input.getVersion()).toString();
        try {
            // Its callback has the outcome.
            var unused =
                    producer.send(new ProducerRecord<>(topics.inputs(), key, input.toByteArray()), (sent, error) -> {
                        if (error == null) {
                            inputMetrics.published();
                        } else {
                            inputMetrics.dropped(1);
                        }
                    });
        } catch (KafkaException e) {
            inputMetrics.dropped(1);
        }
    }

    /** What the broker has not taken by then is counted as lost. */
    void close(Duration patience) {
        producer.close(patience);
    }
}
