package io.espalier.runtime.recovery;

import io.espalier.protocol.record.RecoveryStep;

/**
 * What a step of recovery gained, on inputs that nothing was fitted to.
 *
 * @param kept whether its changes were kept
 * @param reason why they were undone, else null
 * @param layers how many layers it changed
 * @param inputs how many inputs it was fitted to
 * @param heldOut how many other inputs it was judged by
 */
public record StepReport(
        RecoveryStep step,
        boolean kept,
        String reason,
        double divergenceBefore,
        double divergenceAfter,
        Double agreementBefore,
        Double agreementAfter,
        int layers,
        int inputs,
        int heldOut,
        double seconds) {
    static StepReport of(
            RecoveryStep step,
            String reason,
            Divergence.Measured before,
            Divergence.Measured after,
            int changed,
            RecoveryInputs inputs,
            long nanoseconds) {
        return new StepReport(
                step,
                reason == null,
                reason,
                before.divergence(),
                after.divergence(),
                before.agreement(),
                after.agreement(),
                changed,
                inputs.fittedSamples(),
                inputs.heldOutSamples(),
                nanoseconds / 1e9);
    }
}
