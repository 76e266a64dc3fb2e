package io.espalier.streams.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Defaults that depend on the process or the machine, by full key. */
final class Defaults {
    /** One thread of libtorch: the topologies have the other processors. */
    static final Map<String, String> OF_THE_SERVICE = of("8081", "1");

    static final Map<String, String> OF_A_COMPRESSOR = of("8082", "0");

    private Defaults() {}

    private static Map<String, String> of(String port, String threads) {
        Map<String, String> defaults = new HashMap<>();
        defaults.put("espalier.http.port", port);
        defaults.put("espalier.compressor.threads", threads);
        defaults.put(
                "espalier.state.max-bytes", Long.toString(Runtime.getRuntime().maxMemory() / 2));
        // Containers have a temporary folder each, and are given shares of a processor each: one job a container.
        defaults.put(
                "espalier.compressor.lock",
                Path.of(System.getProperty("java.io.tmpdir"), "espalier-compressor.lock")
                        .toString());
        return Map.copyOf(defaults);
    }
}
