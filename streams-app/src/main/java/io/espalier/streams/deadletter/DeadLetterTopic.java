package io.espalier.streams.deadletter;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Where the exception handlers, which Kafka Streams makes, send what they keep from stopping the stream.
 *
 * @param name of the topic
 * @param maxBytes largest record that it takes
 * @param listener told of each record
 */
public record DeadLetterTopic(String name, int maxBytes, Consumer<Reason> listener) {
    /** Key of the name in the streams configuration. */
    public static final String TOPIC_CONFIG = "espalier.internal.dead-letter-topic";

    /** Key of the largest record that the topic takes, an {@code Integer} in the streams configuration. */
    public static final String MAX_BYTES_CONFIG = "espalier.internal.dead-letter-max-bytes";

    /** Key of a {@code Consumer<Reason>} in the streams configuration. */
    public static final String LISTENER_CONFIG = "espalier.internal.dead-letter-listener";

    @SuppressWarnings("unchecked") // The configuration is untyped; the application puts it there itself.
    static DeadLetterTopic of(Map<String, ?> configs) {
        return new DeadLetterTopic(
                (String) configs.get(TOPIC_CONFIG), (Integer) configs.get(MAX_BYTES_CONFIG), (Consumer<Reason>)
                        configs.get(LISTENER_CONFIG));
    }

    ProducerRecord<byte[], byte[]> send(DeadLetter letter) {
        listener.accept(letter.cause().reason());
        return letter.toProducerRecord(name, maxBytes);
    }
}
