package io.espalier.runtime;

import io.espalier.protocol.Datatype;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is said of an input of a model.
 *
 * @param sizes of its dimensions, each 1 or more, the batch first
 * @param type empty when it is to be found out
 */
public record InputShape(long[] sizes, Optional<Datatype> type) {
    /** An input whose type is to be found out. */
    public static InputShape of(long... sizes) {
        return new InputShape(sizes, Optional.empty());
    }

    /**
     * Reads {@code 1,3,224,224} or, with a type, {@code 1,128:int64}.
     *
     * @throws IllegalArgumentException when it is no such thing
     */
    public static InputShape parse(String text) {
        String[] parts = text.split(":", 2);
        Optional<Datatype> type = parts.length == 1 ? Optional.empty() : Optional.of(Datatype.parse(parts[1]));
        try {
            long[] sizes = Arrays.stream(parts[0].split(",", -1))
                    .mapToLong(size -> Long.parseLong(size.strip()))
                    .toArray();
            if (Arrays.stream(sizes).allMatch(size -> size > 0)) {
                return new InputShape(sizes, type);
            }
        } catch (NumberFormatException e) {
            // Said below, as for sizes that are not positive.
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no shape: give positive sizes, as 1,3,224,224 or 1,128:int64");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        String text = Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining(","));
        return text
                + type.map(known -> ":" + known.name().toLowerCase(Locale.ROOT)).orElse("");
    }
}
