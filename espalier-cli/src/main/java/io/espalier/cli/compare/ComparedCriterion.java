package io.espalier.cli.compare;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Criterion.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A criterion as it is compared: {@code random} is another order for each seed, all others are what they are. */
public record ComparedCriterion(Criterion criterion) {
    private static final String RANDOM = "random";

    /**
     * Reads {@code l2,hybrid:0.3,random}, or {@code all}: one of each kind.
     *
     * @throws IllegalArgumentException with one line that names what is known
     */
    public static List<ComparedCriterion> parseAll(String text) {
        Stream<String> names = text.strip().equals("all")
                ? Arrays.stream(Kind.values()).map(Kind::toString)
                : Arrays.stream(text.split(","));
        return names.map(ComparedCriterion::parse).distinct().toList();
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with one line that names what is known
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ComparedCriterion parse(String text) {
        String name = text.strip();
        Criterion criterion = Criterion.parse(name);
        if (criterion.kind() == Kind.RANDOM && !name.equalsIgnoreCase(RANDOM)) {
            throw new IllegalArgumentException(
                    "criterion '" + name + "' has a seed of its own: write random, and each seed draws another order");
        }
        return new ComparedCriterion(criterion);
    }

    /** What units are ranked by in the runs of a seed. */
    public Criterion of(int seed) {
        return criterion.kind() == Kind.RANDOM ? new Criterion(Kind.RANDOM, seed) : criterion;
    }

    /** What {@link #parse} reads. */
    @JsonValue
    @Override
    public String toString() {
        return criterion.kind() == Kind.RANDOM ? RANDOM : criterion.toString();
    }
}
