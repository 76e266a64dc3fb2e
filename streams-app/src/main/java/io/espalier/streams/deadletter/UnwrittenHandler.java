package io.espalier.streams.deadletter;

import io.espalier.streams.deadletter.DeadLetter.Cause;
import io.espalier.streams.deadletter.DeadLetter.Origin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a record of ours that could not be written.
 *
 * <ul>
 *   <li>Of a changelog or a repartition topic: never left out, for state or an input would be lost without a trace. The
 *       thread ends without a commit, and what was read is read again.
 *   <li>Of a topic that others read, and it cannot be put in bytes or is too large ({@link BoundedSerializer}): a dead
 *       letter instead, in the same transaction.
 *   <li>Of such a topic, and the broker refuses it: the same at least once. Exactly once the transaction is lost with it,
 *       so that the thread ends, and the check of the topics at the next start names what is wrong with them.
 *   <li>Brokers do not answer in time: the task goes back to its last commit, as with Kafka's own handler.
 *   <li>Anything else, rights that lack for one: the thread ends.
 * </ul>
 */
public final class UnwrittenHandler implements ProductionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(UnwrittenHandler.class);

    private DeadLetterTopic letters;
    private String internalPrefix;
    private boolean isTransactional;

    @Override
    public void configure(Map<String, ?> configs) {
        letters = DeadLetterTopic.of(configs);
        internalPrefix = configs.get(StreamsConfig.APPLICATION_ID_CONFIG) + "-";
        isTransactional = StreamsConfig.EXACTLY_ONCE_V2.equals(configs.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    }

    @Override
    public Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof RetriableException) {
            return Response.retry();
        }
        if (!canBeLeftOut(record.topic()) || !isOfTheRecord(exception) || isTransactional) {
            LOG.error("a record cannot be written to {}: nothing is committed, and the thread ends", record.topic());
            return Response.fail();
        }
        Reason reason = exception instanceof RecordTooLargeException ? Reason.TOO_LARGE : Reason.UNWRITABLE;
        return Response.resume(letter(record, record.key(), record.value(), new Cause(reason, oneLine(exception))));
    }

    @Override
    @SuppressWarnings("rawtypes") // As Kafka has it.
    public Response handleSerializationError(
            ErrorHandlerContext context,
            ProducerRecord record,
            Exception exception,
            SerializationExceptionOrigin origin) {
        if (!canBeLeftOut(record.topic())) {
            LOG.error(
                    "a record for {} cannot be put in bytes: nothing is committed, and the thread ends",
                    record.topic());
            return Response.fail();
        }
        boolean isOversized = exception instanceof OversizedException;
        byte[] value = isOversized ? ((OversizedException) exception).value() : null;
        Reason reason = isOversized ? Reason.TOO_LARGE : Reason.UNWRITABLE;
        return Response.resume(letter(record, key(record.key()), value, new Cause(reason, oneLine(exception))));
    }

    private List<ProducerRecord<byte[], byte[]>> letter(
            ProducerRecord<?, ?> record, byte[] key, byte[] value, Cause cause) {
        LOG.warn("a record for {} goes to the dead letters: {}", record.topic(), cause.detail());
        Headers headers = new RecordHeaders(record.headers());
        long timestamp = record.timestamp() == null ? 0 : record.timestamp();
        DeadLetter letter = new DeadLetter(key, value, headers, timestamp, Origin.ofOutput(record.topic()), cause);
        return List.of(letters.send(letter));
    }

    /** A dead letter that cannot be written has nowhere else to go. */
    private boolean canBeLeftOut(String topic) {
        boolean isInternal =
                topic.startsWith(internalPrefix) && (topic.endsWith("-changelog") || topic.endsWith("-repartition"));
        return !isInternal && !topic.equals(letters.name());
    }

    private static boolean isOfTheRecord(Exception exception) {
        return exception instanceof RecordTooLargeException
                || exception instanceof InvalidRecordException
                || exception instanceof InvalidTimestampException
                || exception instanceof PolicyViolationException;
    }

    private static byte[] key(Object key) {
        return key == null || key instanceof byte[]
                ? (byte[]) key
                : key.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String oneLine(Exception exception) {
        String message = String.valueOf(exception.getMessage());
        return exception.getClass().getSimpleName() + ": "
                + message.lines().findFirst().orElse("");
    }
}
