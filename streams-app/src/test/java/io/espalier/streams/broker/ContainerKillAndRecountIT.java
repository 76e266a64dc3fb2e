package io.espalier.streams.broker;

import java.nio.file.Path;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("io.espalier.streams.broker.TestBroker#isDockerThere")
final class ContainerKillAndRecountIT extends KillSuite {
    @Override
    TestBroker startBroker(Path directory) {
        return TestBroker.container();
    }
}
