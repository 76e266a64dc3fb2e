package io.espalier.streams.topology;

import io.espalier.planner.RecommendationId;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.Recommendation.Withdrawal;
import io.espalier.streams.metrics.DriftMeters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes recommendations back that traffic has left behind, by a record. */
final class Withdrawals {
    private static final Logger LOG = LoggerFactory.getLogger(Withdrawals.class);

    private final DriftWatch drift;
    private final DriftMeters meters;
    private final Consumer<Object> output;

    /** {@code output}: takes the records that are to be published. */
    Withdrawals(DriftWatch drift, DriftMeters meters, Consumer<Object> output) {
        this.drift = drift;
        this.meters = meters;
        this.output = output;
    }

    /** Where planning stands, {@code last}, once a recommendation that traffic has left behind is taken back. */
    PlanState withdrawnIfDrifted(
            ModelDescriptor descriptor, Map<String, Expressiveness> windows, PlanState last, long nowMs) {
        if (last == null || last.recommendation() == null || last.isWithdrawn()) {
            return last;
        }
        Recommendation standing = last.recommendation();
        List<String> drifted = drift.drifted(standing, pointsCut(descriptor, standing), windows);
        if (drifted.isEmpty()) {
            return last;
        }
        String reason = "the traffic has drifted since, at " + String.join(", ", drifted);
        LOG.info("{}: recommendation {} is withdrawn: {}", descriptor.key(), standing.id(), reason);
        Recommendation withdrawal =
                standing.withdrawn(RecommendationId.ofWithdrawal(standing.id()), new Withdrawal(standing.id(), reason));
        output.accept(withdrawal);
        meters.withdrawn();
        drift.forget(descriptor.key());
        long seenUpTo = windows.values().stream()
                .mapToLong(window -> window.window().endMs())
                .max()
                .orElse(0);
        return new PlanState(null, withdrawal, nowMs, last.readiness(), seenUpTo);
    }

    /** Where units go because of what was seen there; weights say the same of any traffic. */
    private static Set<String> pointsCut(ModelDescriptor descriptor, Recommendation plan) {
        return plan.policy().criterion().needsScores()
                ? descriptor.capturePoints().stream()
                        .filter(point -> plan.remove().containsKey(point.group()))
                        .map(CapturePoint::name)
                        .collect(Collectors.toSet())
                : Set.of();
    }
}
