package io.espalier.settings;

import java.time.Duration;

/** Refuses values outside of their range. Keys are given without {@code espalier.}, bounds are included. */
public final class SettingRanges {
    /** The shortest time that Kafka and the JDK's waits can tell from none. */
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private SettingRanges() {}

    /**
     * A whole number.
     *
     * @throws SettingsException when {@code value} is less than {@code least} or more than {@code most}
     */
    public static void between(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw wrong(key, value, "a whole number from " + least + " to " + most);
        }
    }

    /**
     * A share of a whole.
     *
     * @throws SettingsException when {@code value} is not from 0 to 1
     */
    public static void share(String key, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw wrong(key, value, "a number from 0 to 1");
        }
    }

    /**
     * A time to wait or to repeat after.
     *
     * @throws SettingsException when {@code value} is shorter than a millisecond or longer than {@code most}
     */
    public static void positive(String key, Duration value, Duration most) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(most) > 0) {
            throw wrong(key, value, "an ISO-8601 duration from " + SHORTEST + " to " + most);
        }
    }

    /**
     * A value that no other range here describes.
     *
     * @param mend what to set instead; the line goes on with "give"
     */
    public static SettingsException wrong(String key, Object value, String mend) {
        return SettingsException.wrong("espalier." + key, value, mend);
    }
}
