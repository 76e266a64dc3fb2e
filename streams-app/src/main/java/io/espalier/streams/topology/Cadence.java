package io.espalier.streams.topology;

import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Recommendation;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;

/**
 * When a plan becomes a recommendation: at once when the model or its policy changed, else no sooner than a cool-down
 * after the last one, since scores move a little with every sample and a plan with them.
 */
final class Cadence {
    private final Duration coolDown;

    Cadence(Duration coolDown) {
        this.coolDown = coolDown;
    }

    /**
     * Whether a plan is to be published.
     *
     * @param last where planning stood, or null
     */
    boolean allows(PlanState last, String basis, Recommendation plan, long nowMs) {
        if (last == null || last.recommendation() == null) {
            return true;
        }
        if (plan.id().equals(last.recommendation().id())) {
            return false;
        }
        return !basis.equals(last.basis()) || nowMs >= standsUntil(last, plan.policy());
    }

    /** Whether a plan waits for the end of the cool-down: it is not published, and it is not the last one again. */
    boolean holdsBack(PlanState last, String basis, Recommendation plan, long nowMs) {
        return !allows(last, basis, plan, nowMs)
                && !plan.id().equals(last.recommendation().id());
    }

    /** When new scores alone may replace the last recommendation, in milliseconds since the epoch. */
    long standsUntil(PlanState last, Policy policy) {
        return last.publishedAtMs() + (policy.coolDownMs() == null ? coolDown.toMillis() : policy.coolDownMs());
    }

    /** What a recommendation is made for, as hexadecimal SHA-256 of descriptor and policy. */
    static String basis(ModelDescriptor descriptor, Policy policy) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Codecs.MODEL_DESCRIPTOR.encode(descriptor));
            digest.update(Codecs.POLICY.encode(policy));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
