package io.espalier.streams.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * An endless run of activation records, each with something done to it. What is harmless is of shards that nothing else
 * touches, and has been counted by their oracles; all else is of a model of another name, and may be valid by chance.
 */
public final class MutatedRecords {
    private static final String MUTANT = "mutant";
    /** One record in so many is megabytes large. */
    private static final int OVERSIZED_IN = 2000;

    private static final List<Mutation> USUAL = Arrays.stream(Mutation.values())
            .filter(mutation -> mutation != Mutation.OVERSIZED)
            .toList();

    private final Random random;
    private final RandomTraffic harmless;
    private final RandomTraffic mutants;
    private final Map<Mutation, Integer> made = new EnumMap<>(Mutation.class);

    /** A record of the activations topic; either part may be null. */
    public record Mutated(byte[] key, byte[] value, Mutation mutation) {}

    public MutatedRecords(long seed) {
        random = new Random(seed);
        harmless = new RandomTraffic(seed, 6);
        mutants = new RandomTraffic(seed + 1, 6);
    }

    public Mutated next() {
        Mutation mutation =
                random.nextInt(OVERSIZED_IN) == 0 ? Mutation.OVERSIZED : USUAL.get(random.nextInt(USUAL.size()));
        made.merge(mutation, 1, Integer::sum);
        if (mutation.isHarmless()) {
            ActivationBatch batch = harmless.next();
            return new Mutated(key(batch), mutation.apply(batch, random), mutation);
        }
        ActivationBatch.Builder batch = mutants.next().toBuilder().setModel(MUTANT);
        if (random.nextInt(10) == 0) {
            // A shard of its own, whose key is right: state that grows until it may grow no more.
            batch.setCapturePoint("point" + random.nextInt());
        }
        ActivationBatch base = batch.build();
        byte[] value = random.nextInt(200) == 0 ? null : mutation.apply(base, random);
        return new Mutated(mutantKey(base), value, mutation);
    }

    /** Of the shards of harmless records. */
    public Map<ShardKey, BruteForceOracle> oracles() {
        return harmless.oracles();
    }

    /** Records by what was done to them. */
    public Map<Mutation, Integer> made() {
        return made;
    }

    /** Nearly always the right one: with a wrong one nothing else of the record would be looked at. */
    private byte[] mutantKey(ActivationBatch batch) {
        byte[] key = key(batch);
        switch (random.nextInt(50)) {
            case 0 -> {
                return null;
            }
            case 1 -> key[random.nextInt(key.length)] ^= (byte) (1 << random.nextInt(8));
            default -> {}
        }
        return key;
    }

    private static byte[] key(ActivationBatch batch) {
        return RandomTraffic.key(batch).toString().getBytes(UTF_8);
    }
}
