package io.espalier.benchmarks.topology;

import com.google.protobuf.ByteString;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.PaneStatistics;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The traffic of one model. A layer's state is said in KiB of counters of four bytes, one per unit and position, which is
 * what the obvious implementation keeps; at 64 positions 400 KiB are 1,600 units, 102,400 bits of code.
 *
 * @param layers capture points of one shard each
 * @param stateKib of one layer and pane
 * @param samples in a batch: a sidecar sends 32 unless told, or what came in a second
 * @param panes that the event time of all batches goes through
 * @param paneMs length of a pane
 */
public record Workload(int layers, int stateKib, int samples, int panes, long paneMs) {
    /** The share of bits that are set, about that of a ReLU's outputs. */
    private static final double DENSITY = 0.3;

    /** Different batches of a layer. */
    private static final int VARIANTS = 4;

    /** With as many panes as take so many bytes of records without being full. */
    public Workload forBytes(long bytes) {
        long each = bytes / values("model", 0)[0].length * samples / layers;
        int needed = (int) (each / (PaneStatistics.MAX_SAMPLES - samples)) + 1;
        return new Workload(layers, stateKib, samples, Math.max(panes, needed), paneMs);
    }

    public int units() {
        return stateKib * 1024 / Integer.BYTES / OverlapCounters.MAX_POSITIONS;
    }

    public ShardKey shard(String model, int layer) {
        return new ShardKey(model, "1", "layer" + layer, 0);
    }

    public byte[] key(String model, int layer) {
        return shard(model, layer).toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Values of the records of a layer, to be sent in turn. */
    public byte[][] values(String model, int layer) {
        SplittableRandom random = new SplittableRandom(layer);
        byte[][] values = new byte[VARIANTS][];
        for (int variant = 0; variant < VARIANTS; variant++) {
            values[variant] = Codecs.ACTIVATION_BATCH.encode(batch(model, layer, random));
        }
        return values;
    }

    private ActivationBatch batch(String model, int layer, SplittableRandom random) {
        ShardKey shard = shard(model, layer);
        int positions = OverlapCounters.MAX_POSITIONS;
        byte[] codes = new byte[OverlapCounters.wordsPerSample(units(), positions) * Long.BYTES * samples];
        for (int bit = 0; bit < 8 * codes.length; bit++) {
            codes[bit >>> 3] |= (byte) (random.nextDouble() < DENSITY ? 1 << (bit & 7) : 0);
        }
        ActivationBatch.Builder batch = ActivationBatch.newBuilder()
                .setModel(shard.model())
                .setVersion(shard.version())
                .setCapturePoint(shard.capturePoint())
                .setFirstUnit(0)
                .setUnits(units())
                .setPositions(positions)
                .setSamples(samples)
                .setCodes(ByteString.copyFrom(codes))
                .setPublisher("benchmark");
        for (int unit = 0; unit < units(); unit++) {
            batch.addSums(random.nextDouble() * samples * positions);
            batch.addSquares(random.nextDouble() * samples * positions);
        }
        return batch.build();
    }
}
