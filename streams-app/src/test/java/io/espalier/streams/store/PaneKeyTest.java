package io.espalier.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.ShardKey;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

final class PaneKeyTest {
    @Property
    void readsBackWhatItWrites(@ForAll @IntRange(min = 0) int firstUnit, @ForAll long startMs) {
        PaneKey key = new PaneKey(new ShardKey("m.n", "1:2", "layer-3_x", firstUnit), startMs);
        assertThat(PaneKey.parse(key.toBytes())).isEqualTo(key);
    }

    @Property
    void bytesOfAShardSortByTime(@ForAll long one, @ForAll long other) {
        ShardKey shard = new ShardKey("m", "1", "p", 0);
        int order = new PaneKey(shard, one).toBytes().compareTo(new PaneKey(shard, other).toBytes());
        assertThat(Integer.signum(order)).isEqualTo(Long.compare(one, other));
    }

    @Property
    void noOtherShardLiesWithinAShardsRange(
            @ForAll @IntRange(min = 0, max = 300) int firstUnit,
            @ForAll @IntRange(min = 0, max = 300) int otherFirstUnit,
            @ForAll @LongRange long startMs) {
        ShardKey shard = new ShardKey("m", "1", "p", firstUnit);
        PaneKey other = new PaneKey(new ShardKey("m", "1", "p", otherFirstUnit), startMs);
        boolean within = PaneKey.first(shard).toBytes().compareTo(other.toBytes()) <= 0
                && other.toBytes().compareTo(PaneKey.last(shard).toBytes()) <= 0;
        assertThat(within).isEqualTo(firstUnit == otherFirstUnit);
    }
}
