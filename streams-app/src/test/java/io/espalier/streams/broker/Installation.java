package io.espalier.streams.broker;

import io.espalier.protocol.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** An installation of its own on a broker that others share: topics, groups and folders are named after it. */
public final class Installation {
    public final String bootstrapServers;
    public final Path directory;
    public final Topics topics;
    public final String applicationId;

    Installation(TestBroker broker, Path directory) {
        this(broker.bootstrapServers(), directory);
    }

    public Installation(String bootstrapServers, Path directory) {
        String name = UUID.randomUUID().toString().substring(0, 8);
        this.bootstrapServers = bootstrapServers;
        this.directory = directory.resolve(name);
        this.topics = new Topics(name + ".");
        this.applicationId = name;
    }

    public Path stateDir() {
        return directory.resolve("state");
    }

    /** Settings of the application, ready to be overridden; a dead member of its groups is noticed soon. */
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("espalier.kafka.bootstrap.servers", bootstrapServers);
        settings.put("espalier.kafka.session.timeout.ms", "6000");
        settings.put("espalier.kafka.heartbeat.interval.ms", "1500");
        settings.put("espalier.topics.prefix", topics.prefix());
        settings.put("espalier.application.id", applicationId);
        settings.put("espalier.state.dir", stateDir().toString());
        settings.put("espalier.artifacts.dir", directory.resolve("artifacts").toString());
        settings.put("espalier.http.host", "127.0.0.1");
        settings.put("espalier.http.port", "0");
        settings.put("espalier.compressor.enabled", "false");
        settings.put(
                "espalier.compressor.lock", directory.resolve("compressor.lock").toString());
        return settings;
    }

    public Path settingsFile(Map<String, String> settings) {
        Path file = directory.resolve("streams.properties");
        String text = settings.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
        try {
            Files.createDirectories(directory);
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
