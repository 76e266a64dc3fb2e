package io.espalier.protocol.record;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be done to recover a cut model without labels, in the order in which it is done. */
public enum RecoveryStep {
    /** The means of what removed units added go into the next layer's bias, or the running mean behind it. */
    FOLD,
    /** Every layer behind the first cut is fitted anew by least squares. */
    RIDGE,
    /** Batch norms take their statistics anew. */
    NORM,
    /** The whole network is trained to give what the original gives. */
    DISTIL;

    /**
     * Reads {@code fold,ridge}; the order is the steps' own, whichever they are named in.
     *
     * @throws IllegalArgumentException with one line that names what is known
     */
    public static List<RecoveryStep> parse(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .map(RecoveryStep::step)
                .distinct()
                .sorted()
                .toList();
    }

    private static RecoveryStep step(String name) {
        return Arrays.stream(values())
                .filter(step -> step.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("recovery step '" + name + "' is not known: use "
                        + Arrays.stream(values()).map(RecoveryStep::toString).collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
