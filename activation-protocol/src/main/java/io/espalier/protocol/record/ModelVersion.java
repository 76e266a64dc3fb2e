package io.espalier.protocol.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.espalier.protocol.Names;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor.Artifact;
import java.util.List;
import java.util.Map;

/**
 * A model artifact with a parent, a recommendation and a verdict; published on {@link io.espalier.protocol.Topics#versions}.
 *
 * @param parent version it was cut from
 * @param recommendation id of what was cut
 * @param artifact missing when it was rejected before anything was written
 * @param checks missing when it was rejected before it ran
 * @param reason of a rejection, else missing
 * @param recovery what each step of the policy's recovery did to the cut that {@code checks} is of, in order; empty, and absent
 *     in JSON, when the policy asks for none
 * @param search what was found where the policy has sizes searched for; missing when it does not
 */
public record ModelVersion(
        String model,
        String version,
        String parent,
        String recommendation,
        State state,
        Artifact artifact,
        Checks checks,
        long params,
        long macs,
        String reason,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RecoveryResult> recovery,
        SearchResult search) {
    public ModelVersion {
        Names.require("model", model);
        Names.require("version", version);
        Names.require("parent", parent);
        Names.require("recommendation", recommendation);
        Required.present("state", state);
        if (state == State.REJECTED) {
            Required.present("reason", reason);
        } else {
            Required.present("artifact", artifact);
            Required.present("checks", checks);
        }
        recovery = recovery == null ? List.of() : List.copyOf(recovery);
    }

    /** A version whose sizes are those recommended. */
    public ModelVersion(
            String model,
            String version,
            String parent,
            String recommendation,
            State state,
            Artifact artifact,
            Checks checks,
            long params,
            long macs,
            String reason,
            List<RecoveryResult> recovery) {
        this(model, version, parent, recommendation, state, artifact, checks, params, macs, reason, recovery, null);
    }

    public VersionKey key() {
        return new VersionKey(model, version);
    }

    /**
     * Sizes that were searched for.
     *
     * @param remove per group the units that were removed, in place of what was recommended; empty where that was kept
     * @param reason why it was kept, else missing
     * @param inputs how many there were to search with
     */
    public record SearchResult(Map<String, List<Integer>> remove, String reason, int inputs, double seconds) {
        public SearchResult {
            remove = remove == null ? Map.of() : Map.copyOf(remove);
            if (remove.isEmpty()) {
                Required.present("search.reason", reason);
            }
        }
    }

    /** Where a version stands. */
    public enum State {
        CANDIDATE,
        CANARY,
        ACTIVE,
        REJECTED,
        RETIRED
    }

    /**
     * The equivalence rule: outputs against those of the parent with the removed units' contribution zeroed.
     *
     * @param maxRelativeError largest absolute difference over largest absolute output, over all inputs
     * @param tolerance what it may be at most
     * @param randomInputs how many random inputs were compared
     * @param sampledInputs how many inputs from live traffic were compared
     */
    public record Checks(double maxRelativeError, double tolerance, int randomInputs, int sampledInputs) {}

    /**
     * What a step of recovery gained, on sampled inputs that nothing was fitted to.
     *
     * @param kept whether the artifact has its changes
     * @param reason why not, else missing: it gained nothing, it cannot run on this model, or there were too few inputs
     * @param divergenceBefore squared error of the outputs to the parent's, over their variance; missing when the step was not
     *     begun
     * @param divergenceAfter the same behind the step, also when it was undone
     * @param agreementBefore share of inputs given the class that the parent gives; missing where outputs are no classes
     * @param agreementAfter the same behind the step
     * @param inputs how many it was fitted to; of a step that was not begun, how many there were
     * @param heldOut how many others it was judged by
     */
    public record RecoveryResult(
            RecoveryStep step,
            boolean kept,
            String reason,
            Double divergenceBefore,
            Double divergenceAfter,
            Double agreementBefore,
            Double agreementAfter,
            int inputs,
            int heldOut,
            double seconds) {
        public RecoveryResult {
            Required.present("recovery.step", step);
            if (!kept) {
                Required.present("recovery.reason", reason);
            }
        }

        /** A step that was not begun. */
        public static RecoveryResult notBegun(RecoveryStep step, String reason, int inputs) {
            return new RecoveryResult(step, false, reason, null, null, null, null, inputs, 0, 0);
        }
    }
}
