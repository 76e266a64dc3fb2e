package io.espalier.streams.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

final class DeadLetterHandlerTest {
    private final List<Reason> refused = new ArrayList<>();

    @Test
    void aRecordThatAProcessorThrowsOnIsDeadLetteredAndTheNextIsProcessed() {
        try (TopologyTestDriver driver = driver(new IllegalStateException("too many\nsamples"))) {
            input(driver).pipeInput(new TestRecord<>(new byte[] {1}, new byte[] {0, 0, 0, 7}));
            input(driver).pipeInput(new TestRecord<>(new byte[] {1}, new byte[] {0, 0, 0, 8}));
            TestRecord<byte[], byte[]> letter = driver.createOutputTopic(
                            "dead", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecord();
            assertThat(letter.key()).isEqualTo(new byte[] {1});
            assertThat(letter.value()).isEqualTo(new byte[] {0, 0, 0, 7});
            assertThat(header(letter, DeadLetter.REASON_HEADER)).isEqualTo("other");
            assertThat(header(letter, DeadLetter.DETAIL_HEADER)).contains("too many");
            assertThat(header(letter, DeadLetter.OFFSET_HEADER)).isEqualTo("0");
            assertThat(refused).containsExactly(Reason.OTHER);
            assertThat(driver.createOutputTopic("out", new ByteArrayDeserializer(), new IntegerDeserializer())
                            .readValue())
                    .isEqualTo(8);
        }
    }

    @Test
    void aRecordThatADeserialiserThrowsOnIsDeadLettered() {
        try (TopologyTestDriver driver = driver(new IllegalStateException())) {
            input(driver).pipeInput(new TestRecord<>(new byte[] {1}, new byte[] {0}));
            assertThat(refused).containsExactly(Reason.OTHER);
        }
    }

    @Test
    void kafkasOwnExceptionsAreNotARecordsFaultAndStopTheThread() {
        try (TopologyTestDriver driver = driver(new KafkaException("the send of an earlier record failed"))) {
            TestInputTopic<byte[], byte[]> input = input(driver);
            assertThatThrownBy(() -> input.pipeInput(new TestRecord<>(new byte[] {1}, new byte[] {0, 0, 0, 7})))
                    .isInstanceOf(StreamsException.class);
            assertThat(refused).isEmpty();
        }
    }

    private TopologyTestDriver driver(RuntimeException onSeven) {
        Topology topology = new Topology()
                .addSource("in", new ByteArrayDeserializer(), new IntegerDeserializer(), "in")
                .addProcessor("throw", () -> new ThrowOnSeven(onSeven), "in")
                .addSink("out", "out", "throw");
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(
                StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG,
                "org.apache.kafka.common.serialization.Serdes$ByteArraySerde");
        properties.put(
                StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG,
                "org.apache.kafka.common.serialization.Serdes$IntegerSerde");
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
        properties.put(DeadLetterTopic.TOPIC_CONFIG, "dead");
        properties.put(DeadLetterTopic.MAX_BYTES_CONFIG, 64 * 1024);
        Consumer<Reason> listener = refused::add;
        properties.put(DeadLetterTopic.LISTENER_CONFIG, listener);
        return new TopologyTestDriver(topology, properties);
    }

    private static TestInputTopic<byte[], byte[]> input(TopologyTestDriver driver) {
        return driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    private static final class ThrowOnSeven extends ContextualProcessor<byte[], Integer, byte[], Integer> {
        private final RuntimeException exception;

        ThrowOnSeven(RuntimeException exception) {
            this.exception = exception;
        }

        @Override
        public void process(Record<byte[], Integer> record) {
            if (record.value() == 7) {
                throw exception;
            }
            context().forward(record);
        }
    }
}
