package io.espalier.streams;

/** What runs as a process. */
interface Service extends AutoCloseable {
    /**
     * Returns when it listens.
     *
     * @throws io.espalier.settings.SettingsException when it cannot with these settings
     */
    void start();

    /** That it listens on. */
    int port();

    @Override
    void close();
}
