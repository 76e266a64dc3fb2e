package io.espalier.streams.testing;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Batches of random codes for the shards of a few capture points, and an oracle that has counted each of them. */
public final class RandomTraffic {
    private final Random random;
    private final List<Shard> shards = new ArrayList<>();

    public RandomTraffic(long seed, int shardCount) {
        random = new Random(seed);
        for (int index = 0; index < shardCount; index++) {
            int units = 4 + random.nextInt(40);
            int positions = 1 + random.nextInt(9);
            ShardKey key = new ShardKey("model", "1", "layer" + index, 0);
            shards.add(new Shard(
                    key,
                    units,
                    positions,
                    new BatchBuilder(key, units, positions, "test"),
                    new BruteForceOracle(units, positions)));
        }
    }

    /** The next batch, of one to six samples, already counted by the oracle of its shard. */
    public ActivationBatch next() {
        Shard shard = shards.get(random.nextInt(shards.size()));
        float[] values = new float[shard.units * shard.positions];
        int samples = 1 + random.nextInt(6);
        for (int sample = 0; sample < samples; sample++) {
            for (int bit = 0; bit < values.length; bit++) {
                // A different rate per bit, so that scores differ between units.
                values[bit] = random.nextInt(values.length) < bit ? random.nextFloat() + 0.1f : -1;
            }
            shard.builder.add(values, 0);
        }
        ActivationBatch batch = shard.builder.build();
        shard.oracle.add(batch);
        return batch;
    }

    public Map<ShardKey, BruteForceOracle> oracles() {
        Map<ShardKey, BruteForceOracle> oracles = new LinkedHashMap<>();
        shards.stream()
                .filter(shard -> shard.oracle.samples() > 0)
                .forEach(shard -> oracles.put(shard.key, shard.oracle));
        return oracles;
    }

    public static ShardKey key(ActivationBatch batch) {
        return new ShardKey(batch.getModel(), batch.getVersion(), batch.getCapturePoint(), batch.getFirstUnit());
    }

    private record Shard(ShardKey key, int units, int positions, BatchBuilder builder, BruteForceOracle oracle) {}
}
