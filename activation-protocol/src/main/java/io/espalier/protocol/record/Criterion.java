package io.espalier.protocol.record;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/**
 * What units are ranked by; the lowest go first.
 *
 * @param parameter lambda of {@link Kind#HYBRID}, seed of {@link Kind#RANDOM}, else 0
 */
public record Criterion(Kind kind, double parameter) {
    private static final String KNOWN =
            "expressiveness, expressiveness+redundancy, l1, l2, bn_scale, hybrid:LAMBDA, fluctuation, apoz, saliency, elimination or "
                    + "random:SEED";

    public enum Kind {
        /** Mean over the group's capture points of the published scores. */
        EXPRESSIVENESS("expressiveness"),
        /** The same, lowered for units that are active where a better one is: of duplicates the best goes last. */
        EXPRESSIVENESS_REDUNDANCY("expressiveness+redundancy"),
        /** Sum of the absolute weights of a unit. */
        L1("l1"),
        /** Euclidean norm of the weights of a unit. */
        L2("l2"),
        /** Mean of the absolute scales of a unit's batch norms. */
        BN_SCALE("bn_scale"),
        /** (1 - lambda) * rank of expressiveness + lambda * rank of l2. */
        HYBRID("hybrid"),
        /** Variance of the activation, times the squared norm of the weights that read the unit. */
        FLUCTUATION("fluctuation"),
        /** Share of activations above zero: 1 minus the average percentage of zeros. */
        APOZ("apoz"),
        /** What is left of the variance once the other units have explained what they can, times that squared norm. */
        SALIENCY("saliency"),
        /** The same with one unit going after the other, each time the one that is missed least by those that stay. */
        ELIMINATION("elimination"),
        /** A fixed permutation per seed: the baseline that any criterion has to beat. */
        RANDOM("random");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }

        private static Kind of(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.text.equals(text.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(text));
        }
    }

    public Criterion {
        Required.present("criterion", kind);
        if (kind == Kind.HYBRID) {
            Required.share("lambda", parameter);
        }
    }

    /** Whether units are ranked by observed activations, so that samples are needed. */
    public boolean needsScores() {
        return switch (kind) {
            case EXPRESSIVENESS, EXPRESSIVENESS_REDUNDANCY, HYBRID, FLUCTUATION, APOZ, SALIENCY -> true;
            case L1, L2, BN_SCALE, ELIMINATION, RANDOM -> false;
        };
    }

    /** Whether it must be known how units vary together, which costs the square of their number. */
    public boolean needsProducts() {
        return kind == Kind.SALIENCY;
    }

    /** Whether the archive and inputs must be at hand: no statistic that is streamed says enough. */
    public boolean needsArchive() {
        return kind == Kind.ELIMINATION;
    }

    /**
     * Reads {@code expressiveness}, {@code expressiveness+redundancy}, {@code l1}, {@code l2}, {@code bn_scale}, {@code hybrid:0.5}, {@code fluctuation},
     * {@code apoz}, {@code saliency}, {@code elimination} or {@code random:7}; the number may be left out, then it is 0.5 or 0.
     *
     * @throws IllegalArgumentException with one line that names what is known
     */
    @JsonCreator
    public static Criterion parse(String text) {
        String[] parts = text.split(":", 2);
        try {
            Kind kind = Kind.of(parts[0]);
            boolean takesNumber = kind == Kind.HYBRID || kind == Kind.RANDOM;
            if (parts.length == 2 && !takesNumber) {
                throw new IllegalArgumentException(text);
            }
            double unsaid = kind == Kind.HYBRID ? 0.5 : 0;
            return new Criterion(kind, parts.length == 1 ? unsaid : number(kind, parts[1]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("criterion '" + text + "' is not known: use " + KNOWN, e);
        }
    }

    private static double number(Kind kind, String text) {
        return kind == Kind.RANDOM ? Integer.parseInt(text) : Double.parseDouble(text);
    }

    @JsonValue
    @Override
    public String toString() {
        return switch (kind) {
            case HYBRID -> kind.text + ":" + parameter;
            case RANDOM -> kind.text + ":" + (int) parameter;
            default -> kind.text;
        };
    }
}
