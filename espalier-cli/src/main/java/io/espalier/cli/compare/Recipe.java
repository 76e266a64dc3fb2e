package io.espalier.cli.compare;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.espalier.protocol.record.RecoveryStep;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a cut is recovered.
 *
 * @param steps in their order; none for the cut as it is
 */
public record Recipe(List<RecoveryStep> steps) {
    private static final String NONE = "none";

    /**
     * Reads {@code ridge,norm}, or {@code none}.
     *
     * @throws IllegalArgumentException with one line that names what is known
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Recipe parse(String text) {
        return text.strip().equals(NONE) ? new Recipe(List.of()) : new Recipe(RecoveryStep.parse(text));
    }

    /** What {@link #parse} reads. */
    @JsonValue
    @Override
    public String toString() {
        return steps.isEmpty()
                ? NONE
                : steps.stream().map(RecoveryStep::toString).collect(Collectors.joining(","));
    }
}
