package io.espalier.streams.http;

import io.espalier.protocol.record.ModelVersion;
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

    record Problem(String error) {}
}
