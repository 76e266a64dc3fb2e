package io.espalier.sidecar.publish;

import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.sidecar.sampling.Sample;
import java.util.ArrayList;
import java.util.List;

/**
 * The batches under construction of all shards of a model. They fill and are built together, so that every capture point
 * counts the same samples. For one thread.
 */
final class ShardBatches {
    private final List<CapturePoint> points;
    private final List<List<BatchBuilder>> shards = new ArrayList<>();
    private final List<String> withoutProducts = new ArrayList<>();
    private int samples;

    /**
     * @param products whether batches of capture points that {@linkplain BatchBuilder#fitsProducts fit} carry products
     * @throws IllegalArgumentException when not even one unit of a capture point fits a message
     */
    ShardBatches(ModelDescriptor model, String publisher, int batchSamples, boolean products) {
        this.points = model.capturePoints();
        for (CapturePoint point : points) {
            boolean fits = BatchBuilder.fitsProducts(point.units(), point.positions(), batchSamples);
            if (products && !fits) {
                withoutProducts.add(point.name());
            }
            shards.add(
                    products && fits
                            ? List.of(withProducts(model, point, publisher))
                            : plain(model, point, publisher, batchSamples));
        }
    }

    private static BatchBuilder withProducts(ModelDescriptor model, CapturePoint point, String publisher) {
        ShardKey whole = new ShardKey(model.model(), model.version(), point.name(), 0);
        return BatchBuilder.withProducts(whole, point.units(), point.positions(), publisher);
    }

    private static List<BatchBuilder> plain(
            ModelDescriptor model, CapturePoint point, String publisher, int batchSamples) {
        int units = BatchBuilder.unitsPerShard(point.units(), point.positions(), batchSamples);
        List<BatchBuilder> builders = new ArrayList<>();
        for (int first = 0; first < point.units(); first += units) {
            builders.add(new BatchBuilder(
                    new ShardKey(model.model(), model.version(), point.name(), first),
                    Math.min(units, point.units() - first),
                    point.positions(),
                    publisher));
        }
        return builders;
    }

    /** Adds a sample to every shard, or to none and returns false when a value of it is not finite. */
    boolean add(Sample sample) {
        for (int i = 0; i < points.size(); i++) {
            int length = length(i);
            if (!finite(sample.captured().get(i), sample.row() * length, length)) {
                return false;
            }
        }
        for (int i = 0; i < points.size(); i++) {
            for (BatchBuilder shard : shards.get(i)) {
                shard.add(sample.captured().get(i), sample.row() * length(i));
            }
        }
        samples++;
        return true;
    }

    /** Names of the capture points that were asked for products and are too wide for them. */
    List<String> withoutProducts() {
        return List.copyOf(withoutProducts);
    }

    int samples() {
        return samples;
    }

    /** One batch per shard of all samples since the last call, of which there must be one at least. */
    List<ActivationBatch> build() {
        samples = 0;
        return shards.stream().flatMap(List::stream).map(BatchBuilder::build).toList();
    }

    private int length(int point) {
        return points.get(point).units() * points.get(point).positions();
    }

    private static boolean finite(float[] values, int start, int length) {
        for (int i = start; i < start + length; i++) {
            if (!Float.isFinite(values[i])) {
                return false;
            }
        }
        return true;
    }
}
