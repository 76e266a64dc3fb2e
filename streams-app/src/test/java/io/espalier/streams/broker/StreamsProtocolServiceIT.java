package io.espalier.streams.broker;

import java.nio.file.Path;
import java.util.Map;

/** The whole service where the brokers assign the tasks. */
final class StreamsProtocolServiceIT extends ServiceSuite {
    @Override
    TestBroker startBroker(Path directory) {
        return TestBroker.embedded(directory);
    }

    @Override
    Map<String, String> settings() {
        return Map.of("espalier.group.protocol", "streams");
    }
}
