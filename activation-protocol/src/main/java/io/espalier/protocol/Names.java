package io.espalier.protocol;

import java.util.regex.Pattern;

/** The one rule for names of models, versions, capture points and groups: they appear in keys, paths and labels. */
public final class Names {
    /** Most characters of a name. */
    public static final int MAX_LENGTH = 200;

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0," + (MAX_LENGTH - 1) + "}");

    private Names() {}

    /**
     * Returns {@code name} when it is one.
     *
     * @param what what it names, for the message
     * @throws IllegalArgumentException when it is missing, longer than 200 characters, or has a character outside
     *     letters, digits, dot, underscore, colon and hyphen
     */
    public static String require(String what, String name) {
        if (name == null || !ALLOWED.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " '" + abbreviated(name) + "' is no name: use 1 to " + MAX_LENGTH
                    + " letters, digits, '.', '_', ':' or '-', the first a letter or digit");
        }
        return name;
    }

    private static String abbreviated(String name) {
        return name == null || name.length() <= 40 ? String.valueOf(name) : name.substring(0, 40) + "...";
    }
}
