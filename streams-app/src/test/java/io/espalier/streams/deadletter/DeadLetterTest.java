package io.espalier.streams.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.streams.deadletter.DeadLetter.Cause;
import io.espalier.streams.deadletter.DeadLetter.Origin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

final class DeadLetterTest {
    private static final int LIMIT = 64 * 1024;
    private static final Origin ORIGIN = new Origin("in", 3, 42);

    @Test
    void aRecordThatFitsIsAsReceivedWithItsHeaders() {
        byte[] value = new byte[LIMIT - 10 * 1024];
        Headers headers = new RecordHeaders().add("theirs", new byte[] {7});
        ProducerRecord<byte[], byte[]> sent =
                letter(new byte[] {1}, value, headers, "why").toProducerRecord("d", LIMIT);
        assertThat(sent.value()).isSameAs(value);
        assertThat(sent.headers().lastHeader("theirs").value()).containsExactly(7);
        assertThat(sent.headers().lastHeader(DeadLetter.CUT_HEADER)).isNull();
    }

    @Test
    void aRecordTooLargeForTheTopicIsCutAndSaysHowLargeItWas() {
        Headers headers = new RecordHeaders().add("theirs", new byte[LIMIT]);
        for (DeadLetter letter : new DeadLetter[] {
            letter(null, new byte[LIMIT], new RecordHeaders(), "why"),
            letter(new byte[LIMIT], null, new RecordHeaders(), "why"),
            letter(new byte[LIMIT], new byte[LIMIT], headers, "why ".repeat(LIMIT)),
        }) {
            ProducerRecord<byte[], byte[]> sent = letter.toProducerRecord("d", LIMIT);
            assertThat(size(sent)).isLessThan(LIMIT - 1024);
            assertThat(header(sent, DeadLetter.OFFSET_HEADER)).isEqualTo("42");
            assertThat(Long.parseLong(header(sent, DeadLetter.CUT_HEADER))).isGreaterThanOrEqualTo(LIMIT);
        }
    }

    private static DeadLetter letter(byte[] key, byte[] value, Headers headers, String detail) {
        return new DeadLetter(key, value, headers, 0, ORIGIN, new Cause(Reason.OTHER, detail));
    }

    private static int size(ProducerRecord<byte[], byte[]> sent) {
        int size = (sent.key() == null ? 0 : sent.key().length) + (sent.value() == null ? 0 : sent.value().length);
        for (Header header : sent.headers()) {
            size += header.key().length() + header.value().length;
        }
        return size;
    }

    private static String header(ProducerRecord<byte[], byte[]> sent, String name) {
        return new String(sent.headers().lastHeader(name).value(), UTF_8);
    }
}
