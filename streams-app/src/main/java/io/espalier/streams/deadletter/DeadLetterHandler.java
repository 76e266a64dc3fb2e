package io.espalier.streams.deadletter;

import io.espalier.streams.deadletter.DeadLetter.Cause;
import io.espalier.streams.deadletter.DeadLetter.Origin;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The net below the processors' own checks: whatever a record makes them throw sends it to the dead letters, in the same
 * transaction, and the stream goes on.
 *
 * <p>Kafka's own exceptions are not a record's fault and are let through: the failed send of one record shows up while
 * the next is processed, and going on then would lose the first.
 */
public final class DeadLetterHandler implements ProcessingExceptionHandler, DeserializationExceptionHandler {
    /** Key of the dead-letter topic's name in the streams configuration. */
    public static final String TOPIC_CONFIG = "espalier.internal.dead-letter-topic";

    /** Key of the largest record that the dead-letter topic takes, an {@code Integer} in the streams configuration. */
    public static final String MAX_BYTES_CONFIG = "espalier.internal.dead-letter-max-bytes";

    /** Key of a {@code Consumer<Reason>} in the streams configuration, told of each refused record. */
    public static final String LISTENER_CONFIG = "espalier.internal.dead-letter-listener";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHandler.class);

    private String topic;
    private int maxBytes;
    private Consumer<Reason> listener;

    @Override
    @SuppressWarnings("unchecked") // The configuration is untyped; the application puts it there itself.
    public void configure(Map<String, ?> configs) {
        topic = (String) configs.get(TOPIC_CONFIG);
        maxBytes = (Integer) configs.get(MAX_BYTES_CONFIG);
        listener = (Consumer<Reason>) configs.get(LISTENER_CONFIG);
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        if (isKafkas(exception)) {
            return ProcessingExceptionHandler.Response.fail();
        }
        return ProcessingExceptionHandler.Response.resume(deadLetters(context, exception));
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return DeserializationExceptionHandler.Response.resume(deadLetters(context, exception));
    }

    private List<ProducerRecord<byte[], byte[]>> deadLetters(ErrorHandlerContext context, Exception exception) {
        if (context.topic() == null) {
            // A timer, not a record. What it did not get done is still marked as open, and is tried at its next turn.
            LOG.error("timer of {} failed in task {}", context.processorNodeId(), context.taskId(), exception);
            return List.of();
        }
        LOG.warn(
                "{}-{} offset {} refused by {}",
                context.topic(),
                context.partition(),
                context.offset(),
                context.processorNodeId(),
                exception);
        listener.accept(Reason.OTHER);
        DeadLetter letter = new DeadLetter(
                context.sourceRawKey(),
                context.sourceRawValue(),
                context.headers(),
                context.timestamp(),
                new Origin(context.topic(), context.partition(), context.offset()),
                new Cause(Reason.OTHER, exception.toString().lines().findFirst().orElse("")));
        return List.of(letter.toProducerRecord(topic, maxBytes));
    }

    private static boolean isKafkas(Throwable exception) {
        for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
            if (cause instanceof KafkaException) {
                return true;
            }
        }
        return false;
    }
}
