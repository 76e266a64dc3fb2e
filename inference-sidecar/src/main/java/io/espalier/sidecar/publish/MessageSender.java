package io.espalier.sidecar.publish;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.Topics;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.batch.InputSample;
import io.espalier.sidecar.kafka.Complaints;
import io.espalier.sidecar.metrics.InputMetrics;
import io.espalier.sidecar.metrics.SampleMetrics;
import java.time.Duration;
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

    /** Sends one batch. */
    void send(Message message) {
        if (message.isLost()) {
            // To wait for the broker once more for each shard and capture point would only lose more.
            message.refused();
            return;
        }
        ActivationBatch batch = message.batch();
        byte[] value = batch.toByteArray();
        ShardKey key =
                new ShardKey(batch.getModel(), batch.getVersion(), batch.getCapturePoint(), batch.getFirstUnit());
        try {
            // Its callback has the outcome.
            var unused =
                    producer.send(new ProducerRecord<>(topics.activations(), key.toString(), value), (sent, error) -> {
                        if (error == null) {
                            complaints.resolved();
                            metrics.sent(value.length);
                            message.acknowledged();
                        } else {
                            refused(message, error);
                        }
                    });
        } catch (KafkaException e) {
            refused(message, e);
        }
    }

    private void refused(Message message, Exception error) {
        complaints.add("samples are lost", error);
        message.refused();
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
