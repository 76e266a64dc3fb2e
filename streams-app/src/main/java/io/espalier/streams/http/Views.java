package io.espalier.streams.http;

import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Readiness;
import io.espalier.protocol.record.Recommendation;
import java.util.List;

/** The answers that are no record of a topic; JSON as the records are. */
final class Views {
    private Views() {}

    /**
     * @param versions the first of them
     * @param moreVersions true when there are others, else missing
     */
    record Model(String model, List<String> versions, Boolean moreVersions) {}

    /**
     * @param error what keeps it from being all
     * @param models those that are known all the same
     */
    record PartOfModels(String error, List<Model> models) {}

    /**
     * @param registered whether a descriptor of it is known, so that it is counted and planned for
     * @param verdict its record on the versions topic, which a version that was not made here does not have
     */
    record Version(String version, boolean registered, Long params, Long macs, ModelVersion verdict) {}

    /**
     * @param samples in the window, of the shard that has seen the fewest; 0 until all shards have a score
     * @param meanExpressiveness over its units; missing with no score
     */
    record Layer(
            String capturePoint, String group, int units, int positions, long samples, Double meanExpressiveness) {}

    /**
     * @param recommendation the last one, or the one that was withdrawn
     * @param reason why it was; else missing
     * @param capturePoints those that can be compared with what they were when it was made; none once it is withdrawn
     */
    record Drift(
            String version, String recommendation, boolean withdrawn, String reason, List<PointDrift> capturePoints) {}

    /**
     * @param changedUnits whose score changed beyond chance
     * @param drifted whether they are enough
     * @param rankCorrelation Spearman's, of the scores then and now, in [-1, 1]
     */
    record PointDrift(String capturePoint, int units, int changedUnits, boolean drifted, double rankCorrelation) {}

    /**
     * @param saving what the plan saves of the cost in the policy's metric, in [0, 1]; 0 with no plan
     * @param recommendation what would be published; missing where nothing would
     */
    record Plan(String version, Readiness readiness, double saving, Recommendation recommendation) {}

    record Problem(String error) {}
}
