package io.espalier.settings;

import java.util.Locale;

/** How a key is written in the environment. */
final class SettingKeys {
    /** What the keys of Kafka's properties start with. */
    static final String KAFKA = "espalier.kafka.";

    private static final String KAFKA_VARIABLE = variable(KAFKA);

    private SettingKeys() {}

    /** {@code ESPALIER_A_B_C} for {@code espalier.a.b-c}. */
    static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    static boolean isKafka(String key) {
        return key.startsWith(KAFKA);
    }

    static boolean isKafkaVariable(String variable) {
        return variable.startsWith(KAFKA_VARIABLE);
    }

    /** Kafka's property names have dots only, so that a variable's underscores can all be dots again. */
    static String kafkaProperty(String variable) {
        return variable.substring(KAFKA_VARIABLE.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }
}
