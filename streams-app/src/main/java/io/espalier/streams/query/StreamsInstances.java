package io.espalier.streams.query;

import io.espalier.streams.store.KeysQuery;
import io.espalier.streams.topology.PlanningStores;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;

/** The instances as the consumer group of the planning streams knows them. */
public final class StreamsInstances implements Instances {
    private static final KeysQuery NOTHING = new KeysQuery("", null, 0);

    private final KafkaStreams planning;
    private final ActiveStores stores;
    private final ModelPartitions partitions;
    private final Optional<HostInfo> self;

    /**
     * Asks nobody yet.
     *
     * @param self what the streams have as {@code application.server}
     */
    public StreamsInstances(
            KafkaStreams planning, ActiveStores stores, ModelPartitions partitions, Optional<HostInfo> self) {
        this.planning = planning;
        this.stores = stores;
        this.partitions = partitions;
        this.self = self;
    }

    @Override
    public Optional<HostInfo> self() {
        return self;
    }

    /** The stores are asked before the group: they know for sure, and of the group's word one only hears later. */
    @Override
    public Optional<HostInfo> owner(String model) {
        int partition = partitions.of(model);
        if (stores.has(PlanningStores.PLANS, partition, NOTHING)) {
            return Optional.empty();
        }
        HostInfo owner = active(model, partition);
        if (self.filter(owner::equals).isPresent()) {
            throw new UnavailableException(
                    "model '" + model + "' is being taken over by " + address(owner)
                            + ": try again shortly; if that goes on, two instances have the same espalier.application.server",
                    null);
        }
        return Optional.of(owner);
    }

    @Override
    public List<HostInfo> others() {
        try {
            return planning.streamsMetadataForStore(PlanningStores.PLANS).stream()
                    .filter(instance -> instance.stateStoreNames().contains(PlanningStores.PLANS))
                    .map(StreamsMetadata::hostInfo)
                    .filter(host -> self.filter(host::equals).isEmpty())
                    .toList();
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw UnavailableException.notRunning(e);
        }
    }

    @Override
    public int partitions() {
        return partitions.count();
    }

    private HostInfo active(String model, int partition) {
        if (self.isEmpty()) {
            throw new UnavailableException(
                    "model '" + model + "' is not with this instance, or not yet: where several run, set"
                            + " espalier.application.server on each, so that they find each other",
                    null);
        }
        StreamPartitioner<String, Object> known = (topic, key, value, count) -> Optional.of(Set.of(partition));
        try {
            KeyQueryMetadata metadata = planning.queryMetadataForKey(PlanningStores.PLANS, model, known);
            if (metadata == null
                    || metadata.equals(KeyQueryMetadata.NOT_AVAILABLE)
                    || metadata.activeHost().equals(HostInfo.unavailable())) {
                throw new UnavailableException(
                        "model '" + model + "' is with no instance at the moment: try again shortly", null);
            }
            return metadata.activeHost();
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw UnavailableException.notRunning(e);
        }
    }

    private static String address(HostInfo host) {
        return host.host() + ":" + host.port();
    }
}
