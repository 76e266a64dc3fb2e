package io.espalier.streams;

import java.util.function.Consumer;

/** What runs as a process. */
interface Service extends AutoCloseable {
    /**
     * Returns when it listens.
     *
     * @throws io.espalier.settings.SettingsException when it cannot with these settings
     */
    void start();

    /**
     * Whom to tell, in one line, when it can do its work no longer and only a new process may; before the start.
     *
     * @param failed may be called more than once and by any thread; must return at once
     */
    void onFailure(Consumer<String> failed);

    /** That it listens on. */
    int port();

    @Override
    void close();
}
