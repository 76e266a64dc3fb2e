package io.espalier.sidecar.publish;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import java.util.ArrayList;
import java.util.List;

/**
 * The batches under construction of all shards of one capture point. They are built together: the n-th sample of a batch is
 * the same input in all of them. For one thread.
 */
final class PointBatch {
    private final int length;
    private final List<BatchBuilder> shards;
    private List<Delivery> samples = new ArrayList<>();
    private long firstNanos;

    private PointBatch(CapturePoint point, List<BatchBuilder> shards) {
        this.length = point.units() * point.positions();
        this.shards = shards;
    }

    /** With the products of units, of a capture point that they {@linkplain BatchBuilder#fitsProducts fit}: in one shard. */
    static PointBatch withProducts(ModelDescriptor model, CapturePoint point, String publisher) {
        ShardKey whole = new ShardKey(model.model(), model.version(), point.name(), 0);
        return new PointBatch(
                point, List.of(BatchBuilder.withProducts(whole, point.units(), point.positions(), publisher)));
    }

    /**
     * In as many shards as messages of {@code batchSamples} samples need.
     *
     * @throws IllegalArgumentException when not even one unit fits a message
     */
    static PointBatch plain(ModelDescriptor model, CapturePoint point, String publisher, int batchSamples) {
        int units = BatchBuilder.unitsPerShard(point.units(), point.positions(), batchSamples);
        List<BatchBuilder> shards = new ArrayList<>();
        for (int first = 0; first < point.units(); first += units) {
            shards.add(new BatchBuilder(
                    new ShardKey(model.model(), model.version(), point.name(), first),
                    Math.min(units, point.units() - first),
                    point.positions(),
                    publisher));
        }
        return new PointBatch(point, shards);
    }

    /** Messages that a sample of it goes in. */
    int shards() {
        return shards.size();
    }

    /** Whether all activations of the sample are finite here. */
    boolean takes(float[] captured, int row) {
        for (int i = row * length; i < (row + 1) * length; i++) {
            if (!Float.isFinite(captured[i])) {
                return false;
            }
        }
        return true;
    }

    /** Adds a sample that it {@link #takes}. */
    void add(float[] captured, int row, Delivery sample, long nowNanos) {
        if (samples.isEmpty()) {
            firstNanos = nowNanos;
        }
        shards.forEach(shard -> shard.add(captured, row * length));
        samples.add(sample);
    }

    int samples() {
        return samples.size();
    }

    /** When its first sample came, by {@link System#nanoTime}; of no meaning while it is empty. */
    long firstNanos() {
        return firstNanos;
    }

    /** One message per shard of all samples since the last call, of which there must be one at least. */
    List<Message> build() {
        List<Delivery> built = List.copyOf(samples);
        samples = new ArrayList<>();
        return shards.stream().map(shard -> new Message(shard.build(), built)).toList();
    }
}
