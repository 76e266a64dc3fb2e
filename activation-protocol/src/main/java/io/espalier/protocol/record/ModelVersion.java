package io.espalier.protocol.record;

import io.espalier.protocol.Names;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor.Artifact;

/**
 * A model artifact with a parent, a recommendation and a verdict; published on {@link io.espalier.protocol.Topics#versions}.
 *
 * @param parent version it was cut from
 * @param recommendation id of what was cut
 * @param artifact missing when it was rejected before anything was written
 * @param checks missing when it was rejected before it ran
 * @param reason of a rejection, else missing
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
        String reason) {
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
    }

    public VersionKey key() {
        return new VersionKey(model, version);
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
}
