package io.espalier.benchmarks.topology;

/** Something that counts activations; asked while it runs. */
interface Contender extends AutoCloseable {
    void start();

    /** Records counted so far. */
    long records();

    /** Bytes sent to changelog topics so far. */
    long changelogBytes();

    /** Milliseconds from the start until it ran with all its state; negative while it does not. */
    long runningAfterMs();

    /** Records it refused. */
    long refused();

    @Override
    void close();
}
