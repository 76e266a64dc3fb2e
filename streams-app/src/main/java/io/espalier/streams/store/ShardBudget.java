package io.espalier.streams.store;

import io.espalier.protocol.ShardKey;
import java.util.HashMap;
import java.util.Map;

/** What the shards of one task have of the budget; given back when the task leaves. For its stream thread only. */
public final class ShardBudget implements AutoCloseable {
    private final StateBudget budget;
    private final Map<ShardKey, Long> taken = new HashMap<>();

    public ShardBudget(StateBudget budget) {
        this.budget = budget;
    }

    /** Counts in a shard whose state was restored. */
    public void restored(ShardKey shard, long bytes) {
        if (taken.put(shard, bytes) == null) {
            budget.take(bytes);
        }
    }

    /** Whether a shard has its bytes, or gets them now. */
    public boolean admits(ShardKey shard, long bytes) {
        if (taken.containsKey(shard)) {
            return true;
        }
        boolean admitted = budget.tryTake(bytes);
        if (admitted) {
            taken.put(shard, bytes);
        }
        return admitted;
    }

    /** Gives back what a shard had. */
    public void release(ShardKey shard) {
        Long bytes = taken.remove(shard);
        if (bytes != null) {
            budget.giveBack(bytes);
        }
    }

    public long limit() {
        return budget.limit();
    }

    @Override
    public void close() {
        taken.values().forEach(budget::giveBack);
        taken.clear();
    }
}
