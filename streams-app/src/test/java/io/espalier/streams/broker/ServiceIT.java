package io.espalier.streams.broker;

import java.nio.file.Path;

final class ServiceIT extends ServiceSuite {
    @Override
    TestBroker startBroker(Path directory) {
        return TestBroker.embedded(directory);
    }
}
