package io.espalier.runtime;

import java.nio.file.Path;

/**
 * How the engine is started. The engine is one per process: what the first {@link ModelRuntime#start} says of the cache
 * holds for all.
 *
 * @param cache folder for the engine's native libraries (about 450 MB), unpacked there once
 * @param threads threads that one operator may use, 1 or more; 0 for as many as there are cores
 */
public record RuntimeSettings(Path cache, int threads) {
    /** Environment variable that names the cache folder. */
    public static final String CACHE_VARIABLE = "ESPALIER_CACHE";

    public RuntimeSettings {
        if (threads < 0) {
            throw new IllegalArgumentException("threads must be 0 or more, not " + threads);
        }
    }

    /** {@value #CACHE_VARIABLE}, or else {@code ~/.cache/espalier}. */
    public static RuntimeSettings fromEnvironment(int threads) {
        String cache = System.getenv(CACHE_VARIABLE);
        return new RuntimeSettings(
                cache == null || cache.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache", "espalier")
                        : Path.of(cache),
                threads);
    }
}
