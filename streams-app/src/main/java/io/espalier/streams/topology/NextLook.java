package io.espalier.streams.topology;

import io.espalier.protocol.VersionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** When to look at a version again though no record came of it: time alone can change what is to be said. */
final class NextLook {
    private final Map<VersionKey, Long> dueMs = new HashMap<>();

    void at(VersionKey version, long timeMs) {
        dueMs.put(version, timeMs);
    }

    void never(VersionKey version) {
        dueMs.remove(version);
    }

    List<VersionKey> due(long nowMs) {
        return dueMs.entrySet().stream()
                .filter(next -> next.getValue() <= nowMs)
                .map(Map.Entry::getKey)
                .toList();
    }
}
