package io.espalier.settings;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Keys and values of a properties or YAML file, UTF-8. */
final class SettingsFile {
    /** A YAML list is there as a whole, joined by commas, and element by element: {@code key[0]}, {@code key[1]}. */
    private static final Pattern ELEMENT = Pattern.compile("\\[\\d+]$");

    private final Path file;

    SettingsFile(Path file) {
        this.file = file;
    }

    /** @throws SettingsException when the file cannot be read */
    Map<String, String> read() {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        boolean isYaml = name.endsWith(".yaml") || name.endsWith(".yml");
        if (!isYaml && !name.endsWith(".properties")) {
            throw refused("must end in .properties, .yaml or .yml", null);
        }
        try {
            String text = Files.readString(file);
            return isYaml ? yaml(text) : properties(text);
        } catch (NoSuchFileException e) {
            throw refused("is not there: give --config a file, or leave it out and use the environment", e);
        } catch (CharacterCodingException e) {
            throw refused("is not UTF-8 text: save it as such", e);
        } catch (IOException e) {
            throw refused("cannot be read: " + e, e);
        } catch (SettingsException e) {
            throw e;
        } catch (RuntimeException e) {
            // Of the parsers, some of them not even meant for it: a list where keys should be is a bad cast.
            throw refused("is not well formed: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> properties(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
        return settings;
    }

    /** A dotted key, {@code kafka: {bootstrap.servers: ...}}, comes quoted; here it means the same as nested ones. */
    private Map<String, String> yaml(String text) throws IOException {
        ConfigSource source = new YamlConfigSource(file.toString(), text);
        Set<String> names = source.getPropertyNames();
        // A list, or a bare word, is as good as nothing to the source.
        if (names.isEmpty() && text.lines().anyMatch(SettingsFile::saysSomething)) {
            throw refused("has no keys: write key: value", null);
        }
        Map<String, String> settings = new HashMap<>();
        for (String name : names) {
            boolean ofList = ELEMENT.matcher(name).find()
                    && names.contains(ELEMENT.matcher(name).replaceFirst(""));
            String key = name.replace("\"", "");
            if (!ofList && settings.put(key, source.getValue(name)) != null) {
                throw refused("sets " + key + " twice, dotted and nested: remove one", null);
            }
        }
        return settings;
    }

    private static boolean saysSomething(String line) {
        return !line.isBlank() && !line.startsWith("#") && !line.startsWith("---");
    }

    private SettingsException refused(String why, Throwable cause) {
        return new SettingsException("settings file " + file + " " + why, cause);
    }
}
