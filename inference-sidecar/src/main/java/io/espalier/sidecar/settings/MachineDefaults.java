package io.espalier.sidecar.settings;

import io.espalier.runtime.RuntimeSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Defaults that depend on the machine and the process, by full key. */
final class MachineDefaults {
    private MachineDefaults() {}

    static Map<String, String> get() {
        int threads = 4 + 2 * Runtime.getRuntime().availableProcessors();
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        return Map.of(
                "espalier.http.threads", Integer.toString(threads),
                "espalier.publisher.id", host() + "-" + random,
                "espalier.runtime.cache",
                        RuntimeSettings.fromEnvironment(0).cache().toString());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost()
                    .getHostName()
                    .replaceAll("[^A-Za-z0-9.-]", "-")
                    .replaceFirst("^[.-]+", "h");
        } catch (UnknownHostException e) {
            // A container may have a name that resolves to nothing: the random part alone is unique enough.
            return "sidecar";
        }
    }
}
