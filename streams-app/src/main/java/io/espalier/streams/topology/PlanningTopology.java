package io.espalier.streams.topology;

import io.espalier.planner.Planner;
import io.espalier.protocol.Topics;
import io.espalier.protocol.codec.Codec;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.record.Regret;
import io.espalier.protocol.record.SamplingDirective;
import io.espalier.streams.metrics.DeadLetterMeters;
import io.espalier.streams.metrics.ModelMeters;
import io.espalier.streams.topology.PlanningInput.Kind;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

/**
 * Models, policies, scores and versions in, brought together by model, recommendations out; what is no such record,
 * dead-lettered.
 */
public final class PlanningTopology implements Supplier<Topology> {
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();
    private static final String INPUTS = "planning-inputs";

    private final Topics topics;
    private final PlanningSettings settings;
    private final Map<String, String> changelog;
    private final ModelMeters models;
    private final DeadLetterMeters deadLetters;

    /**
     * Makes no topology yet.
     *
     * @param changelog settings of the changelog topics of the stores
     */
    public PlanningTopology(
            Topics topics,
            PlanningSettings settings,
            Map<String, String> changelog,
            ModelMeters models,
            DeadLetterMeters deadLetters) {
        this.topics = topics;
        this.settings = settings;
        this.changelog = Map.copyOf(changelog);
        this.models = models;
        this.deadLetters = deadLetters;
    }

    /** The internal topic whose partitions, keyed by model, the stores are partitioned as. */
    public static String inputsTopic(String applicationId) {
        return applicationId + "-" + INPUTS + "-repartition";
    }

    @Override
    public Topology get() {
        StreamsBuilder builder = new StreamsBuilder();
        PlanningStores.builders(changelog).forEach(builder::addStateStore);

        KStream<byte[], Reading> readings = read(builder, Kind.MODEL, topics.models())
                .merge(read(builder, Kind.POLICY, topics.policies()))
                .merge(read(builder, Kind.SCORES, topics.expressiveness()))
                .merge(read(builder, Kind.VERSION, topics.versions()));
        readings.split(Named.as("reading-"))
                .branch(this::isRefused, Branched.withConsumer(this::toDeadLetters, "refused"))
                .defaultBranch(Branched.withConsumer(this::plan, "accepted"));
        return builder.build();
    }

    private KStream<byte[], Reading> read(StreamsBuilder builder, Kind kind, String topic) {
        return builder.stream(
                        topic,
                        Consumed.with(BYTES, BYTES)
                                .withTimestampExtractor(new EventTime())
                                .withOffsetResetPolicy(AutoOffsetReset.earliest()))
                .processValues(() -> new ReadingProcessor(new PlanningInputReader(kind, settings), deadLetters));
    }

    private boolean isRefused(byte[] key, Reading reading) {
        return reading.refused() != null;
    }

    private void toDeadLetters(KStream<byte[], Reading> refused) {
        refused.process(() -> new DeadLetterProcessor(settings.maxMessageBytes()))
                .to(topics.deadLetters(), Produced.with(BYTES, BYTES));
    }

    /** By model, whoever wrote the records and however they were partitioned: all of a model meets in one task. */
    private void plan(KStream<byte[], Reading> accepted) {
        accepted.map((key, reading) -> KeyValue.pair(PlanningInputReader.model(reading.input()), reading.input()))
                .repartition(Repartitioned.<String, PlanningInput>as(INPUTS)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(PlanningInput.serde()))
                .process(this::planner, Named.as("planner"), PlanningStores.ALL)
                .split(Named.as("planned-"))
                .branch(
                        (key, output) -> output instanceof Recommendation,
                        Branched.withConsumer(this::toRecommendations, "recommendations"))
                .branch((key, output) -> output instanceof Regret, Branched.withConsumer(this::toRegrets, "regrets"))
                .branch(
                        (key, output) -> output instanceof SamplingDirective,
                        Branched.withConsumer(this::toControl, "control"));
    }

    private void toControl(KStream<String, Object> outputs) {
        outputs.mapValues(SamplingDirective.class::cast)
                .to(topics.control(), Produced.with(Serdes.String(), output(Codecs.SAMPLING_DIRECTIVE)));
    }

    private void toRecommendations(KStream<String, Object> outputs) {
        outputs.mapValues(Recommendation.class::cast)
                .to(topics.recommendations(), Produced.with(Serdes.String(), output(Codecs.RECOMMENDATION)));
    }

    private void toRegrets(KStream<String, Object> outputs) {
        outputs.mapValues(Regret.class::cast)
                .to(topics.regrets(), Produced.with(Serdes.String(), output(Codecs.REGRET)));
    }

    private PlanningProcessor planner() {
        return new PlanningProcessor(settings, new Planner(), models);
    }

    private <T> Serde<T> output(Codec<T> codec) {
        return CodecSerdes.ofOutput(codec, settings.maxMessageBytes());
    }
}
