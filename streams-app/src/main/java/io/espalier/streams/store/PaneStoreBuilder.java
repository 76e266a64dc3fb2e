package io.espalier.streams.store;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Builds {@link PaneStore}s, each with its changelog topic. */
public final class PaneStoreBuilder implements StoreBuilder<PaneStore> {
    private final String name;
    private final Map<String, String> changelog;

    /**
     * Names the store.
     *
     * @param changelog settings of the changelog topic; its values are as large as a pane's state
     */
    public PaneStoreBuilder(String name, Map<String, String> changelog) {
        this.name = name;
        this.changelog = Map.copyOf(changelog);
    }

    @Override
    public PaneStore build() {
        return new LivePaneStore(bytes().build());
    }

    private StoreBuilder<KeyValueStore<Bytes, byte[]>> bytes() {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(changelog);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, String> logConfig() {
        return changelog;
    }

    @Override
    public boolean loggingEnabled() {
        return true;
    }

    @Override
    public StoreBuilder<PaneStore> withCachingEnabled() {
        throw new UnsupportedOperationException("the live panes are the cache");
    }

    @Override
    public StoreBuilder<PaneStore> withCachingDisabled() {
        return this;
    }

    @Override
    public StoreBuilder<PaneStore> withLoggingEnabled(Map<String, String> config) {
        return new PaneStoreBuilder(name, config);
    }

    @Override
    public StoreBuilder<PaneStore> withLoggingDisabled() {
        throw new UnsupportedOperationException("without a changelog the panes would be lost with the process");
    }
}
