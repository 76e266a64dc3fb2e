package io.espalier.streams.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.apache.kafka.streams.errors.ProductionExceptionHandler.Result.FAIL;
import static org.apache.kafka.streams.errors.ProductionExceptionHandler.Result.RESUME;
import static org.apache.kafka.streams.errors.ProductionExceptionHandler.Result.RETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.ProductionExceptionHandler.Response;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnwrittenHandlerTest {
    private static final int MAX_BYTES = 64 * 1024;
    private static final String KEY = "model@1/layer/0";

    private final List<Reason> refused = new ArrayList<>();

    @Test
    void anOutputThatIsTooLargeIsADeadLetterAndTheNextIsWritten() {
        try (TopologyTestDriver driver = driver("out", new BoundedSerializer<>(new StringSerializer(), MAX_BYTES))) {
            TestInputTopic<String, String> input =
                    driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            input.pipeInput(KEY, "x".repeat(MAX_BYTES));
            input.pipeInput(KEY, "small");

            TestRecord<byte[], byte[]> letter = driver.createOutputTopic(
                            "dead", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecord();
            assertThat(letter.key()).isEqualTo(KEY.getBytes(UTF_8));
            assertThat(letter.value()).hasSize(DeadLetter.CUT_BYTES).containsOnly('x');
            assertThat(header(letter, DeadLetter.REASON_HEADER)).isEqualTo("too_large");
            assertThat(header(letter, DeadLetter.DETAIL_HEADER)).contains("65536", "out", "max-message-bytes");
            assertThat(header(letter, DeadLetter.TOPIC_HEADER)).isEqualTo("out");
            assertThat(Integer.parseInt(header(letter, DeadLetter.CUT_HEADER))).isGreaterThanOrEqualTo(MAX_BYTES);
            assertThat(letter.headers().lastHeader(DeadLetter.OFFSET_HEADER)).isNull();
            assertThat(refused).containsExactly(Reason.TOO_LARGE);
            assertThat(driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
                            .readValuesToList())
                    .containsExactly("small");
        }
    }

    @Test
    void anOutputThatCannotBePutInBytesIsADeadLetterWithoutAValue() {
        Serializer<String> broken = (topic, value) -> {
            throw new IllegalStateException("no bytes for\nthis");
        };
        try (TopologyTestDriver driver = driver("out", broken)) {
            driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                    .pipeInput(KEY, "x");
            TestRecord<byte[], byte[]> letter = driver.createOutputTopic(
                            "dead", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecord();
            assertThat(letter.value()).isNull();
            assertThat(header(letter, DeadLetter.REASON_HEADER)).isEqualTo("unwritable");
            assertThat(header(letter, DeadLetter.DETAIL_HEADER)).endsWith("no bytes for");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"test-panes-changelog", "test-planning-inputs-repartition", "dead"})
    void whatHasNowhereElseToGoStopsTheThread(String topic) {
        Serializer<String> bounded = new BoundedSerializer<>(new StringSerializer(), MAX_BYTES);
        try (TopologyTestDriver driver = driver(topic, bounded)) {
            TestInputTopic<String, String> input =
                    driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            assertThatThrownBy(() -> input.pipeInput(KEY, "x".repeat(MAX_BYTES)))
                    .isInstanceOf(StreamsException.class);
        }
        Response response = refusal("at_least_once", topic, new RecordTooLargeException("of 5 bytes"));
        assertThat(response.result()).isEqualTo(FAIL);
        assertThat(response.deadLetterQueueRecords()).isEmpty();
        assertThat(refused).isEmpty();
    }

    @Test
    void whatABrokerRefusesForWhatItIsIsADeadLetterAtLeastOnce() {
        Response response = refusal("at_least_once", "out", new RecordTooLargeException("of 5 bytes"));
        assertThat(response.result()).isEqualTo(RESUME);
        assertThat(response.deadLetterQueueRecords()).singleElement().satisfies(letter -> {
            assertThat(letter.topic()).isEqualTo("dead");
            assertThat(letter.value()).containsExactly(7);
            assertThat(new String(
                            letter.headers()
                                    .lastHeader(DeadLetter.REASON_HEADER)
                                    .value(),
                            UTF_8))
                    .isEqualTo("too_large");
        });
        for (Exception exception : List.of(new InvalidRecordException("x"), new PolicyViolationException("x"))) {
            assertThat(refusal("at_least_once", "out", exception).result()).isEqualTo(RESUME);
        }
        assertThat(refused).containsExactly(Reason.TOO_LARGE, Reason.UNWRITABLE, Reason.UNWRITABLE);
    }

    @Test
    void whatABrokerRefusesSpoilsTheTransactionAndStopsTheThreadExactlyOnce() {
        Response response = refusal("exactly_once_v2", "out", new RecordTooLargeException("of 5 bytes"));
        assertThat(response.result()).isEqualTo(FAIL);
        assertThat(refused).isEmpty();
    }

    @Test
    void brokersThatDoNotAnswerAreTriedAgainAndAnythingElseStopsTheThread() {
        for (String guarantee : List.of("exactly_once_v2", "at_least_once")) {
            assertThat(refusal(guarantee, "out", new NotEnoughReplicasException("1 of 2"))
                            .result())
                    .isEqualTo(RETRY);
            assertThat(refusal(guarantee, "out", new KafkaException("of a batch with others"))
                            .result())
                    .isEqualTo(FAIL);
        }
        assertThat(refused).isEmpty();
    }

    private Response refusal(String guarantee, String topic, Exception exception) {
        UnwrittenHandler handler = new UnwrittenHandler();
        Map<String, Object> settings = settings();
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee);
        handler.configure(settings);
        return handler.handleError(null, new ProducerRecord<>(topic, KEY.getBytes(UTF_8), new byte[] {7}), exception);
    }

    private TopologyTestDriver driver(String output, Serializer<String> serializer) {
        Topology topology = new Topology()
                .addSource("in", new StringDeserializer(), new StringDeserializer(), "in")
                .addSink("out", output, new StringSerializer(), serializer, "in");
        Properties properties = new Properties();
        properties.putAll(settings());
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, UnwrittenHandler.class);
        return new TopologyTestDriver(topology, properties);
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(DeadLetterTopic.TOPIC_CONFIG, "dead");
        settings.put(DeadLetterTopic.MAX_BYTES_CONFIG, MAX_BYTES);
        Consumer<Reason> listener = refused::add;
        settings.put(DeadLetterTopic.LISTENER_CONFIG, listener);
        return settings;
    }

    private static String header(TestRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
