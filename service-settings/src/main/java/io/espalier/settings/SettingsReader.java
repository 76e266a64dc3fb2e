package io.espalier.settings;

import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads the settings of a service: defaults, over them a properties or YAML file, over it the environment, where {@code
 * espalier.a.b-c} is {@code ESPALIER_A_B_C}. System properties are no settings. A blank value is as good as none, and a
 * key of the file that the service does not know is refused.
 *
 * @param <T> an interface with SmallRye's {@code @ConfigMapping} that holds keys and constant defaults, and may have
 *     {@link KafkaProperties} {@code kafka()} for everything under {@code espalier.kafka.}
 */
public final class SettingsReader<T> {
    private static final String KAFKA_KEY = "espalier.kafka";
    /** Above SmallRye's own converters. */
    private static final int PRIORITY = 200;

    private final Class<T> type;
    private final Map<String, String> defaults;
    private final Consumer<T> check;

    /**
     * @param defaults by full key: those that are not constant but depend on the machine
     * @param check throws {@link SettingsException} where a value is of the right type and still cannot be used
     */
    public SettingsReader(Class<T> type, Map<String, String> defaults, Consumer<T> check) {
        this.type = type;
        this.defaults = Map.copyOf(defaults);
        this.check = check;
    }

    /**
     * Reads a file and the environment.
     *
     * @param file ends in .properties, .yaml or .yml; null to go by the environment alone
     * @throws SettingsException when the file cannot be read, or a setting is missing, unknown or cannot be used
     */
    public T read(Path file, Map<String, String> environment) {
        return read(file == null ? Map.of() : new SettingsFile(file).read(), environment);
    }

    /**
     * Takes settings by their full keys, and nothing from the environment.
     *
     * @throws SettingsException when a setting is missing, unknown or cannot be used
     */
    public T of(Map<String, String> settings) {
        return read(settings, Map.of());
    }

    private T read(Map<String, String> given, Map<String, String> environment) {
        Set<String> known =
                new TreeSet<>(ConfigClass.configClass(type).getProperties().keySet());
        known.remove(KAFKA_KEY);
        refuseUnknown(given, known);
        Map<String, String> values = new HashMap<>(defaults);
        known.forEach(key -> putUnlessBlank(values, key, given.get(key)));
        known.forEach(key -> putUnlessBlank(values, key, environment.get(SettingKeys.variable(key))));
        KafkaProperties kafka = kafka(given, environment);
        values.put(KAFKA_KEY, kafka.toString());
        T settings = map(values, kafka);
        check.accept(settings);
        return settings;
    }

    private T map(Map<String, String> values, KafkaProperties kafka) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "settings"))
                .withValidateUnknown(false)
                .withMapping(type)
                // Kafka's keys have dots and its values may be blank: a mapping would garble both.
                .withConverter(KafkaProperties.class, PRIORITY, text -> kafka);
        StrictConverters.addTo(builder, PRIORITY);
        try {
            return builder.build().getConfigMapping(type);
        } catch (ConfigValidationException e) {
            throw MappingProblems.oneLine(e);
        }
    }

    private static KafkaProperties kafka(Map<String, String> given, Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>();
        given.forEach((key, value) -> {
            if (SettingKeys.isKafka(key)) {
                properties.put(key.substring(SettingKeys.KAFKA.length()), value);
            }
        });
        environment.forEach((variable, value) -> {
            if (SettingKeys.isKafkaVariable(variable)) {
                properties.put(SettingKeys.kafkaProperty(variable), value);
            }
        });
        return new KafkaProperties(properties);
    }

    private static void refuseUnknown(Map<String, String> given, Set<String> known) {
        Set<String> unknown = new TreeMap<>(given).keySet();
        unknown.removeAll(known);
        unknown.removeIf(SettingKeys::isKafka);
        if (!unknown.isEmpty()) {
            throw new SettingsException("unknown setting " + String.join(", ", unknown) + ": there are "
                    + String.join(", ", known) + " and espalier.kafka.*");
        }
    }

    private static void putUnlessBlank(Map<String, String> values, String key, String value) {
        if (value != null && !value.isBlank()) {
            values.put(key, value.strip());
        }
    }
}
