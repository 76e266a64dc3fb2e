package io.espalier.streams.http;

import io.espalier.streams.query.Instances;
import io.espalier.streams.query.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.state.HostInfo;

/** Instances that a test names; a model without an owner is this one's. */
final class KnownInstances implements Instances {
    final Map<String, HostInfo> owners = new TreeMap<>();
    final List<HostInfo> others = new ArrayList<>();
    final AtomicInteger asked = new AtomicInteger();
    int partitions = 1;
    HostInfo self;
    String trouble;

    @Override
    public Optional<HostInfo> self() {
        return Optional.ofNullable(self);
    }

    @Override
    public Optional<HostInfo> owner(String model) {
        asked.incrementAndGet();
        if (trouble != null) {
            throw new UnavailableException(trouble, null);
        }
        return Optional.ofNullable(owners.get(model));
    }

    @Override
    public List<HostInfo> others() {
        return others;
    }

    @Override
    public int partitions() {
        return partitions;
    }
}
