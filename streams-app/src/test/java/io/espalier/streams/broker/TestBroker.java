package io.espalier.streams.broker;

import io.espalier.broker.EmbeddedBroker;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** A real broker, wherever it runs. */
interface TestBroker extends AutoCloseable {
    String bootstrapServers();

    @Override
    void close();

    static TestBroker embedded(Path directory) {
        EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
        return new TestBroker() {
            @Override
            public String bootstrapServers() {
                return broker.bootstrapServers();
            }

            @Override
            public void close() {
                broker.close();
            }
        };
    }

    static TestBroker container() {
        KafkaContainer container = new KafkaContainer("apache/kafka:4.3.1");
        container.start();
        return new TestBroker() {
            @Override
            public String bootstrapServers() {
                return container.getBootstrapServers();
            }

            @Override
            public void close() {
                container.stop();
            }
        };
    }

    static boolean isDockerThere() {
        return DockerClientFactory.instance().isDockerAvailable();
    }
}
