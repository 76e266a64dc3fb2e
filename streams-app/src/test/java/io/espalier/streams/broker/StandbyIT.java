package io.espalier.streams.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.espalier.streams.StreamsService;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.testing.RandomTraffic;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances that keep each other's state: the one that stays goes on with what the other counted. */
@TestInstance(Lifecycle.PER_CLASS)
final class StandbyIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Path directory;
    private TestBroker broker;
    private TopicClient client;

    @BeforeAll
    void open(@TempDir Path temporary) {
        directory = temporary;
        broker = TestBroker.embedded(temporary.resolve("broker"));
        client = new TopicClient(broker.bootstrapServers());
    }

    @AfterAll
    void close() {
        client.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void aStandbyTakesOverWithAllThatWasCounted(String protocol) throws Exception {
        Installation installation = new Installation(broker, directory);
        RandomTraffic traffic = new RandomTraffic(31, 6);
        Publisher publisher = new Publisher(client, installation.topics.activations(), traffic);
        String group = installation.applicationId + "-overlap";
        try (StreamsService staying = service(installation, protocol, "staying")) {
            staying.start();
            try (StreamsService leaving = service(installation, protocol, "leaving")) {
                leaving.start();
                await().atMost(LIMIT).until(() -> staying.isRunning() && leaving.isRunning());
                publisher.publish(500);
                await().atMost(LIMIT).until(() -> standbyTasks(group) >= 4);
                await().atMost(LIMIT).until(() -> followedChangelogs(group) >= 4);
                await().atMost(LIMIT)
                        .until(() -> client.committed(group, installation.topics.activations()) == publisher.sent());
            }
            publisher.publish(500);
            PublishedScores.assertEqual(client, installation.topics.expressiveness(), traffic.oracles(), LIMIT);
            assertThat(type(group)).isEqualToIgnoringCase(protocol);
        }
    }

    private StreamsService service(Installation installation, String protocol, String name) {
        Map<String, String> settings = installation.settings();
        settings.put("espalier.group.protocol", protocol);
        settings.put("espalier.standby-replicas", "1");
        settings.put("espalier.state.dir", installation.directory.resolve(name).toString());
        return new StreamsService(StreamsSettings.of(settings));
    }

    /** Of all instances in this JVM. */
    private static long standbyTasks(String application) throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        long tasks = 0;
        for (ObjectName bean :
                beans.queryNames(new ObjectName("kafka.streams:type=stream-state-updater-metrics,*"), null)) {
            if (bean.getCanonicalName().contains(application)) {
                tasks += ((Number) beans.getAttribute(bean, "standby-updating-tasks")).longValue();
            }
        }
        return tasks;
    }

    /** Partitions of which the consumers of standbys know how far behind they are: what the metric of the service adds up. */
    private static long followedChangelogs(String application) throws Exception {
        ObjectName lags = new ObjectName("kafka.consumer:type=consumer-fetch-manager-metrics,partition=*,*");
        return ManagementFactory.getPlatformMBeanServer().queryNames(lags, null).stream()
                .filter(bean -> bean.getKeyProperty("client-id").contains(application)
                        && bean.getKeyProperty("client-id").contains("restore-consumer"))
                .count();
    }

    private String type(String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            List<GroupListing> groups = List.copyOf(admin.listGroups().all().get());
            return groups.stream()
                    .filter(listing -> listing.groupId().equals(group))
                    .findFirst()
                    .orElseThrow()
                    .type()
                    .orElseThrow()
                    .toString();
        }
    }
}
