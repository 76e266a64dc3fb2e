package io.espalier.streams.compressor;

import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import java.time.Duration;

/**
 * How versions are recovered, where their policy asks for it.
 *
 * @param minInputs fewer are not enough, 8 or more
 * @param maxInputs the newest that are used
 * @param patience how long a job is put off until there are {@code minInputs}
 * @param timeLimit of distilling
 */
public record RecoveryLimits(int minInputs, int maxInputs, Duration patience, Duration timeLimit) {
    /** How many inputs a recommendation has use for. */
    int wanted(Recommendation recommendation) {
        return isAskedFor(recommendation) ? maxInputs : 0;
    }

    /** Whether a job is better put off than done without recovery. */
    boolean isWorthWaiting(Recommendation recommendation, int inputs, Duration waited) {
        return isAskedFor(recommendation) && inputs < minInputs && waited.compareTo(patience) < 0;
    }

    private static boolean isAskedFor(Recommendation recommendation) {
        Policy policy = recommendation.policy();
        return !policy.recovery().isEmpty() || policy.ranking() == Policy.Ranking.SEARCH;
    }
}
