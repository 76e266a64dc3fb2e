package io.espalier.streams.deadletter;

import io.espalier.streams.deadletter.DeadLetter.Cause;
import io.espalier.streams.deadletter.DeadLetter.Origin;
import java.util.List;
import java.util.Map;
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
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterHandler.class);

    private DeadLetterTopic letters;

    @Override
    public void configure(Map<String, ?> configs) {
        letters = DeadLetterTopic.of(configs);
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
        return List.of(letters.send(new DeadLetter(
                context.sourceRawKey(),
                context.sourceRawValue(),
                context.headers(),
                context.timestamp(),
                new Origin(context.topic(), context.partition(), context.offset()),
                new Cause(Reason.OTHER, exception.toString().lines().findFirst().orElse("")))));
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
