package io.espalier.streams.broker;

import java.nio.file.Path;
import java.util.Map;

/** Without transactions: where nothing dies, everything is counted once all the same. */
final class AtLeastOnceServiceIT extends ServiceSuite {
    @Override
    TestBroker startBroker(Path directory) {
        return TestBroker.embedded(directory);
    }

    @Override
    Map<String, String> settings() {
        return Map.of("espalier.processing.guarantee", "at_least_once");
    }
}
