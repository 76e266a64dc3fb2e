package io.espalier.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code --name=value} arguments over defaults; a name without a default is refused. */
public final class Options {
    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** {@code defaults}: {@code name=value} each. */
    public static Options parse(String[] arguments, String... defaults) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String option : defaults) {
            String[] parts = option.split("=", 2);
            values.put(parts[0], parts[1]);
        }
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            String name = parts[0].replaceFirst("^--", "");
            if (parts.length != 2 || !values.containsKey(name)) {
                throw new IllegalArgumentException(
                        argument + " is no option: give --NAME=VALUE of " + values + ", which are the defaults");
            }
            values.put(name, parts[1]);
        }
        return new Options(values);
    }

    public String text(String name) {
        return values.get(name);
    }

    /** Parts between commas. */
    public String[] list(String name) {
        return text(name).split(",", -1);
    }

    public long number(String name) {
        return Long.parseLong(text(name));
    }

    public double decimal(String name) {
        return Double.parseDouble(text(name));
    }
}
