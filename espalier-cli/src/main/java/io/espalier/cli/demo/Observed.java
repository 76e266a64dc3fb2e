package io.espalier.cli.demo;

import com.google.protobuf.ByteString;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.Topics;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Recommendation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What was seen on the topics so far: an outside view, by nothing but the published records. */
final class Observed {
    private final Topics topics;
    private final Map<String, Long> published = new TreeMap<>();
    private final Map<String, List<ByteString>> codes = new TreeMap<>();
    private final Map<String, Expressiveness> scores = new TreeMap<>();
    private final List<String> recorded;
    private Recommendation recommendation;
    private ModelVersion version;

    /**
     * Nothing seen.
     *
     * @param recorded capture points whose codes are kept
     */
    Observed(Topics topics, List<String> recorded) {
        this.topics = topics;
        this.recorded = recorded;
    }

    synchronized void accept(ConsumerRecord<String, byte[]> message) {
        String topic = message.topic();
        if (topic.equals(topics.activations())) {
            accept(Codecs.ACTIVATION_BATCH.decode(message.value()));
        } else if (topic.equals(topics.expressiveness())) {
            if (message.value() != null) {
                scores.put(message.key(), Codecs.EXPRESSIVENESS.decode(message.value()));
            }
        } else if (topic.equals(topics.recommendations())) {
            recommendation = Codecs.RECOMMENDATION.decode(message.value());
        } else if (topic.equals(topics.versions()) && message.value() != null) {
            version = Codecs.MODEL_VERSION.decode(message.value());
        }
    }

    private void accept(ActivationBatch batch) {
        ShardKey key =
                new ShardKey(batch.getModel(), batch.getVersion(), batch.getCapturePoint(), batch.getFirstUnit());
        published.merge(key.toString(), (long) batch.getSamples(), Long::sum);
        if (recorded.contains(batch.getCapturePoint())) {
            codes.computeIfAbsent(batch.getCapturePoint(), point -> new ArrayList<>())
                    .add(batch.getCodes());
        }
    }

    /** Whether the scores of all shards that were published are over all of their samples. */
    synchronized boolean isCountedOut() {
        return !published.isEmpty()
                && published.entrySet().stream().allMatch(shard -> {
                    Expressiveness score = scores.get(shard.getKey());
                    return score != null && score.samples() == shard.getValue();
                });
    }

    /** Samples published of the shard that has the fewest. */
    synchronized long samples() {
        return published.values().stream().mapToLong(Long::longValue).min().orElse(0);
    }

    synchronized List<Expressiveness> scores() {
        return List.copyOf(scores.values());
    }

    synchronized Optional<Recommendation> recommendation() {
        return Optional.ofNullable(recommendation);
    }

    synchronized Optional<ModelVersion> version() {
        return Optional.ofNullable(version);
    }

    /** The codes of a recorded capture point as published, one after the other. */
    synchronized ByteString codes(String capturePoint) {
        return ByteString.copyFrom(codes.getOrDefault(capturePoint, List.of()));
    }
}
