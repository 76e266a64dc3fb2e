package io.espalier.settings;

/** A setting that is missing, unknown or cannot be used: one line that names the key, the value and the mend. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        this(message, null);
    }

    public SettingsException(String message, Throwable cause) {
        super(message.strip().replaceAll("\\s*\\R\\s*", " "), cause);
    }

    /**
     * A value that cannot be used.
     *
     * @param key in full
     * @param mend what to set instead; the line goes on with "give"
     */
    public static SettingsException wrong(String key, Object value, String mend) {
        return new SettingsException(key + " is '" + value + "': give " + mend);
    }
}
