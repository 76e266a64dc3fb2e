package io.espalier.streams.topology;

import io.espalier.planner.drift.Cut;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Regret;
import io.espalier.protocol.record.SamplingDirective;
import io.espalier.streams.store.ConcurrentStores;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * What is known of the models of a task: the latest of each record, a few megabytes for a large model, so in memory.
 *
 * @param descriptors by version key
 * @param policies by model
 * @param scores by shard key
 * @param versions by version key
 * @param plans by version key
 * @param baselines by version key and capture point, the windows that its last recommendation was made on
 * @param cuts by version key and recommendation
 * @param regrets by the key of the version that lacks the units
 * @param directives by version key
 */
public record PlanningStores(
        KeyValueStore<String, ModelDescriptor> descriptors,
        KeyValueStore<String, Policy> policies,
        KeyValueStore<String, Expressiveness> scores,
        KeyValueStore<String, ModelVersion> versions,
        KeyValueStore<String, PlanState> plans,
        KeyValueStore<String, Expressiveness> baselines,
        KeyValueStore<String, Cut> cuts,
        KeyValueStore<String, Regret> regrets,
        KeyValueStore<String, SamplingDirective> directives) {
    public static final String DESCRIPTORS = "descriptors";
    public static final String POLICIES = "policies";
    public static final String SCORES = "scores";
    public static final String VERSIONS = "versions";
    public static final String PLANS = "plans";
    public static final String BASELINES = "baselines";
    public static final String CUTS = "cuts";
    public static final String REGRETS = "regrets";
    public static final String DIRECTIVES = "directives";

    static final String[] ALL = {DESCRIPTORS, POLICIES, SCORES, VERSIONS, PLANS, BASELINES, CUTS, REGRETS, DIRECTIVES};

    /** Key of a baseline. */
    public static String baseline(VersionKey version, String capturePoint) {
        return version + "/" + capturePoint;
    }

    static List<StoreBuilder<?>> builders(Map<String, String> changelog) {
        return List.of(
                store(DESCRIPTORS, CodecSerdes.of(Codecs.MODEL_DESCRIPTOR), changelog),
                store(POLICIES, CodecSerdes.of(Codecs.POLICY), changelog),
                store(SCORES, CodecSerdes.of(Codecs.EXPRESSIVENESS), changelog),
                store(VERSIONS, CodecSerdes.of(Codecs.MODEL_VERSION), changelog),
                store(PLANS, JsonState.serde(PlanState.class), changelog),
                store(BASELINES, CodecSerdes.of(Codecs.EXPRESSIVENESS), changelog),
                store(CUTS, JsonState.serde(Cut.class), changelog),
                store(REGRETS, CodecSerdes.of(Codecs.REGRET), changelog),
                store(DIRECTIVES, CodecSerdes.of(Codecs.SAMPLING_DIRECTIVE), changelog));
    }

    static PlanningStores of(ProcessingContext context) {
        return new PlanningStores(
                context.getStateStore(DESCRIPTORS),
                context.getStateStore(POLICIES),
                context.getStateStore(SCORES),
                context.getStateStore(VERSIONS),
                context.getStateStore(PLANS),
                context.getStateStore(BASELINES),
                context.getStateStore(CUTS),
                context.getStateStore(REGRETS),
                context.getStateStore(DIRECTIVES));
    }

    private static <T> StoreBuilder<?> store(String name, Serde<T> values, Map<String, String> changelog) {
        return Stores.keyValueStoreBuilder(new ConcurrentStores(name), Serdes.String(), values)
                .withCachingDisabled()
                .withLoggingEnabled(changelog);
    }
}
