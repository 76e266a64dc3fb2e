package io.espalier.streams.store;

import java.util.List;
import org.apache.kafka.streams.query.Query;

/**
 * Asks a {@link ConcurrentStore} for keys alone, ascending: a page of them costs no value being decoded.
 *
 * @param from first key that may be in the answer
 * @param to first key that may not; null for no end
 * @param limit most keys of the answer
 */
public record KeysQuery(String from, String to, int limit) implements Query<List<String>> {
    /** The smallest string above a key: to go on behind it. */
    public static String behind(String key) {
        return key + '\0';
    }
}
