package io.espalier.runtime;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** The engine as the tests use it, and this module's small archives (src/test/python/make_fixtures.py). */
final class TestRuntime {
    private TestRuntime() {}

    static ModelRuntime start() {
        return ModelRuntime.start(RuntimeSettings.fromEnvironment(1));
    }

    static Path fixture(String name) {
        try {
            return Path.of(TestRuntime.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
