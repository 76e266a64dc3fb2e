package io.espalier.runtime;

import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The engine as the tests use it, started once for a class that registers it, and this module's small archives
 * (src/test/python/make_fixtures.py).
 */
final class TestRuntime implements BeforeAllCallback, AfterAllCallback {
    private ModelRuntime runtime;

    static ModelRuntime start() {
        return ModelRuntime.start(RuntimeSettings.fromEnvironment(1));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        runtime = start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        runtime.close();
    }

    ModelRuntime runtime() {
        return runtime;
    }

    /** A file by its name beside these tests' classes, or by its path among all resources. */
    static Path fixture(String name) {
        try {
            return Path.of(TestRuntime.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
