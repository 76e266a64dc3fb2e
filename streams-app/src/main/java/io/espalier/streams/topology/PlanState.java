package io.espalier.streams.topology;

import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.util.Collection;

/**
 * Where planning stands for a version of a model.
 *
 * @param basis what the recommendation was made for: a hash of descriptor and policy; missing with it
 * @param recommendation the last one published, or missing
 * @param publishedAtMs when, in milliseconds since the epoch; 0 with none
 * @param readiness what the planner had, or still lacks
 * @param notBeforeMs event time before which a window may not begin that a recommendation is made on: what lies before it is
 *     traffic that has changed; 0 with none
 * @param unconfirmed true while the recommendation may not be on its topic ({@link Announcements}); else missing
 */
public record PlanState(
        String basis,
        Recommendation recommendation,
        long publishedAtMs,
        Readiness readiness,
        Long notBeforeMs,
        Boolean unconfirmed) {
    public PlanState {
        notBeforeMs = notBeforeMs == null ? 0L : notBeforeMs;
    }

    PlanState(String basis, Recommendation recommendation, long publishedAtMs, Readiness readiness, Long notBeforeMs) {
        this(basis, recommendation, publishedAtMs, readiness, notBeforeMs, null);
    }

    static PlanState silent(Readiness readiness) {
        return new PlanState(null, null, 0, readiness, 0L);
    }

    boolean isWithdrawn() {
        return recommendation != null && recommendation.withdraws() != null;
    }

    /** Whether some of them hold traffic from before what a recommendation may be made on. */
    boolean isFromBefore(Collection<Expressiveness> windows) {
        return windows.stream().anyMatch(window -> window.window().startMs() < notBeforeMs);
    }

    PlanState with(Readiness changed) {
        return new PlanState(basis, recommendation, publishedAtMs, changed, notBeforeMs, unconfirmed);
    }

    PlanState unconfirmed(Boolean changed) {
        return new PlanState(basis, recommendation, publishedAtMs, readiness, notBeforeMs, changed);
    }
}
