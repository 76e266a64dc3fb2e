package io.espalier.streams.broker;

import java.nio.file.Path;

final class KillAndRecountIT extends KillSuite {
    @Override
    TestBroker startBroker(Path directory) {
        return TestBroker.embedded(directory);
    }
}
