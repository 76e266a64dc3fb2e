package io.espalier.streams.http;

import io.javalin.http.Context;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Units of a capture point, the last one included. */
record UnitRange(int first, int last) {
    static final String UNITS = "units";
    /** At most 240 bytes a unit, with ten numbers each: half of what an answer may have. */
    static final int DEFAULT_UNITS = 2048;

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})-([0-9]{1,9})");

    /** The units asked for, {@code units=0-1023}, of those that are there; without a word the first {@value #DEFAULT_UNITS}. */
    static UnitRange of(Context context, int units) {
        String given = context.queryParam(UNITS);
        if (given == null) {
            return new UnitRange(0, Math.min(units, DEFAULT_UNITS) - 1);
        }
        Matcher form = FORM.matcher(given);
        if (form.matches()) {
            UnitRange range = new UnitRange(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
            if (range.first <= range.last && range.last < units) {
                return range;
            }
        }
        throw new BadRequestException(
                "?" + UNITS + "=" + given + " cannot be: give FIRST-LAST within 0-" + (units - 1));
    }

    /** As many units as these, behind them. */
    Optional<UnitRange> next(int units) {
        int end = Math.min(units - 1, last + (last - first + 1));
        return end == last ? Optional.empty() : Optional.of(new UnitRange(last + 1, end));
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
