package io.espalier.settings;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Kafka's own client properties, without the {@code espalier.kafka.} in front, as the user wrote them. May hold secrets:
 * shows names only.
 */
public record KafkaProperties(Map<String, String> properties) {
    /** The one property that must be there. */
    public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";

    /** @throws SettingsException without {@value #BOOTSTRAP_SERVERS} */
    public KafkaProperties {
        properties = Map.copyOf(properties);
        if (properties.getOrDefault(BOOTSTRAP_SERVERS, "").isBlank()) {
            throw new SettingsException(SettingKeys.KAFKA + BOOTSTRAP_SERVERS
                    + " is not set: give host:port of a broker, in the file or as environment variable "
                    + SettingKeys.variable(SettingKeys.KAFKA + BOOTSTRAP_SERVERS));
        }
    }

    public String bootstrapServers() {
        return properties.get(BOOTSTRAP_SERVERS);
    }

    /** The properties as Kafka's clients take them; {@code defaults} hold where the user says nothing. */
    public Map<String, Object> over(Map<String, Object> defaults) {
        Map<String, Object> merged = new HashMap<>(defaults);
        merged.putAll(properties);
        return merged;
    }

    @Override
    public String toString() {
        return "Kafka properties " + new TreeSet<>(properties.keySet());
    }
}
