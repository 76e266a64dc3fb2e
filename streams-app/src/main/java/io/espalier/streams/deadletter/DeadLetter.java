package io.espalier.streams.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A refused record on its way to the dead-letter topic: as received, unless that and what we add to it is more than the
 * topic takes. Then key and value are cut to their first {@value #CUT_BYTES} bytes, the headers are left out, and {@value
 * #CUT_HEADER} says how many bytes there were. It could not be sent whole, and a refused record must not stop the stream.
 *
 * @param key as received, or null
 * @param value as received, or null
 * @param headers as received; those that start with {@code espalier.} are set anew
 * @param timestamp as received, in milliseconds since the epoch
 */
public record DeadLetter(byte[] key, byte[] value, Headers headers, long timestamp, Origin origin, Cause cause) {
    public static final String REASON_HEADER = "espalier.reason";
    public static final String DETAIL_HEADER = "espalier.detail";
    public static final String TOPIC_HEADER = "espalier.topic";

    /** Missing where {@value #TOPIC_HEADER} is the topic that a record of ours was to go to, as the next. */
    public static final String PARTITION_HEADER = "espalier.partition";

    public static final String OFFSET_HEADER = "espalier.offset";

    public static final String CUT_HEADER = "espalier.cut-from-bytes";

    /** Key and value cut to this fit the smallest limit that can be configured. */
    static final int CUT_BYTES = 16 * 1024;

    /** More than our headers and Kafka's own framing take. */
    private static final int OVERHEAD_BYTES = 8 * 1024;

    /** A reason may quote what it is about, which may be as long as the record. */
    private static final int DETAIL_CHARACTERS = 500;

    /** Where a record was read; of a record of ours that could not be written, where it was to go. */
    public record Origin(String topic, int partition, long offset) {
        private static final int NOWHERE = -1;

        static Origin ofOutput(String topic) {
            return new Origin(topic, NOWHERE, NOWHERE);
        }

        private boolean isOutput() {
            return offset == NOWHERE;
        }

        public static Origin of(RecordMetadata metadata) {
            return new Origin(metadata.topic(), metadata.partition(), metadata.offset());
        }
    }

    /** Why it was refused; {@code detail} is one line, and is cut to 500 characters. */
    public record Cause(Reason reason, String detail) {
        public Cause {
            detail = detail.substring(0, Math.min(detail.length(), DETAIL_CHARACTERS));
        }

        public static Cause of(RefusedException refused) {
            return new Cause(refused.reason(), String.valueOf(refused.getMessage()));
        }
    }

    /** For a processor to forward to the sink; {@code maxBytes} is the largest record that the topic takes. */
    public Record<byte[], byte[]> toRecord(int maxBytes) {
        boolean cut = size() > maxBytes;
        return new Record<>(cut ? start(key) : key, cut ? start(value) : value, sentAt(), stamped(cut));
    }

    /** For a producer to send; {@code maxBytes} is the largest record that the topic takes. */
    public ProducerRecord<byte[], byte[]> toProducerRecord(String topic, int maxBytes) {
        Record<byte[], byte[]> letter = toRecord(maxBytes);
        return new ProducerRecord<>(topic, null, letter.timestamp(), letter.key(), letter.value(), letter.headers());
    }

    private long size() {
        long size = OVERHEAD_BYTES + length(key) + length(value);
        for (Header header : headers) {
            size += 2L * Integer.BYTES + Utils.utf8Length(header.key()) + length(header.value());
        }
        return size;
    }

    private long sentAt() {
        return Math.max(0, timestamp);
    }

    private Headers stamped(boolean cut) {
        Headers stamped = cut ? new RecordHeaders() : new RecordHeaders(headers);
        stamped.remove(CUT_HEADER);
        if (cut) {
            set(stamped, CUT_HEADER, Long.toString(size() - OVERHEAD_BYTES));
        }
        set(stamped, REASON_HEADER, cause.reason().label());
        set(stamped, DETAIL_HEADER, cause.detail());
        set(stamped, TOPIC_HEADER, origin.topic());
        stamped.remove(PARTITION_HEADER).remove(OFFSET_HEADER);
        if (!origin.isOutput()) {
            set(stamped, PARTITION_HEADER, Integer.toString(origin.partition()));
            set(stamped, OFFSET_HEADER, Long.toString(origin.offset()));
        }
        return stamped;
    }

    private static long length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static byte[] start(byte[] bytes) {
        return bytes == null || bytes.length <= CUT_BYTES ? bytes : Arrays.copyOf(bytes, CUT_BYTES);
    }

    private static void set(Headers headers, String name, String value) {
        headers.remove(name).add(name, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    }
}
