package io.espalier.streams.http;

import io.javalin.http.Context;

/**
 * How much of a list is asked for.
 *
 * @param after the name of the last element that is known already; empty to begin at the start
 * @param limit most elements
 * @param maxBytes most bytes of the answer: 1 MB unless more is asked for
 */
record PageRequest(String after, int limit, int maxBytes) {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 10_000;
    static final int DEFAULT_BYTES = 1_000_000;
    static final int MAX_BYTES = 64_000_000;

    static final String AFTER = "after";
    static final String LIMIT = "limit";
    static final String BYTES = "max_bytes";

    /** Throws {@link BadRequestException} naming the parameter that is no number or out of range. */
    static PageRequest of(Context context) {
        String after = context.queryParam(AFTER);
        return new PageRequest(
                after == null ? "" : after,
                number(context, LIMIT, DEFAULT_LIMIT, MAX_LIMIT),
                number(context, BYTES, DEFAULT_BYTES, MAX_BYTES));
    }

    private static int number(Context context, String name, int otherwise, int most) {
        String given = context.queryParam(name);
        if (given == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(given);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number that is out of range.
        }
        throw new BadRequestException("?" + name + "=" + given + " cannot be: give 1 to " + most);
    }
}
