package io.espalier.streams.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.testing.RandomTraffic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The group protocol is a setting like others: offsets and state stay, whichever way it is changed. */
final class ProtocolChangeIT {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void countingGoesOnUnderAnotherProtocolAndBack() throws Exception {
        try (TestBroker broker = TestBroker.embedded(directory.resolve("broker"));
                TopicClient client = new TopicClient(broker.bootstrapServers())) {
            Installation installation = new Installation(broker, directory);
            RandomTraffic traffic = new RandomTraffic(41, 4);
            Publisher publisher = new Publisher(client, installation.topics.activations(), traffic);
            for (String protocol : List.of("classic", "streams", "classic")) {
                Map<String, String> settings = installation.settings();
                settings.put("espalier.group.protocol", protocol);
                try (StreamsService service = new StreamsService(StreamsSettings.of(settings))) {
                    service.start();
                    await().atMost(LIMIT).until(service::isRunning);
                    publisher.publish(200);
                    PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
                    assertThat(service.isRunning()).isTrue();
                }
            }
        }
    }
}
