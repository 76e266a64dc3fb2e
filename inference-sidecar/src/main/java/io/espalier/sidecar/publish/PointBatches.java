package io.espalier.sidecar.publish;

import io.espalier.protocol.codec.BatchBuilder;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.sidecar.metrics.SampleMetrics;
import io.espalier.sidecar.sampling.PointRates;
import io.espalier.sidecar.sampling.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The batches under construction of all capture points of a model. Where all are sampled alike they fill and are due together;
 * where one is sampled less, its samples wait longer for each other. For one thread.
 */
final class PointBatches {
    private final int batchSamples;
    private final Linger linger;
    private final SampleMetrics metrics;
    private final List<PointBatch> points = new ArrayList<>();
    private final List<String> withoutProducts = new ArrayList<>();

    /**
     * @param batchSamples with how many samples a batch is full
     * @param products whether batches of capture points that {@linkplain BatchBuilder#fitsProducts fit} carry products
     * @throws IllegalArgumentException when not even one unit of a capture point fits a message
     */
    PointBatches(
            ModelDescriptor model,
            String publisher,
            int batchSamples,
            boolean products,
            Linger linger,
            SampleMetrics metrics) {
        this.batchSamples = batchSamples;
        this.linger = linger;
        this.metrics = metrics;
        for (CapturePoint point : model.capturePoints()) {
            boolean fits = BatchBuilder.fitsProducts(point.units(), point.positions(), batchSamples);
            if (products && !fits) {
                withoutProducts.add(point.name());
            }
            points.add(
                    products && fits
                            ? PointBatch.withProducts(model, point, publisher)
                            : PointBatch.plain(model, point, publisher, batchSamples));
        }
    }

    /** Adds a sample to all its capture points, or to none and returns false when a value at one of them is not finite. */
    boolean add(Sample sample, long nowNanos) {
        int[] sampled = sample.points().stream().toArray();
        int messages = 0;
        for (int point : sampled) {
            if (!points.get(point).takes(sample.captured().get(point), sample.row())) {
                return false;
            }
            messages += points.get(point).shards();
        }
        Delivery delivery = new Delivery(messages, metrics);
        for (int point : sampled) {
            points.get(point).add(sample.captured().get(point), sample.row(), delivery, nowNanos);
        }
        return true;
    }

    /** Names of the capture points that were asked for products and are too wide for them. */
    List<String> withoutProducts() {
        return List.copyOf(withoutProducts);
    }

    /** The messages of the capture points whose batch is full. */
    List<Message> full() {
        return built(point -> points.get(point).samples() == batchSamples);
    }

    /** The messages of the capture points whose first sample has waited long enough for others, at the rates as they are. */
    List<Message> due(PointRates rates, long nowNanos) {
        return built(point -> untilDue(point, rates, nowNanos) <= 0);
    }

    /** The messages of all capture points that have a sample. */
    List<Message> all() {
        return built(point -> points.get(point).samples() > 0);
    }

    /** Nanoseconds until the first of them is due, 0 when one is; {@code most} when that is longer or there is none. */
    long untilDue(PointRates rates, long nowNanos, long most) {
        return IntStream.range(0, points.size())
                .mapToLong(point -> untilDue(point, rates, nowNanos))
                .map(nanos -> Math.max(0, Math.min(most, nanos)))
                .min()
                .orElse(most);
    }

    private long untilDue(int point, PointRates rates, long nowNanos) {
        PointBatch batch = points.get(point);
        return batch.samples() == 0 ? Long.MAX_VALUE : batch.firstNanos() + linger.nanos(rates.share(point)) - nowNanos;
    }

    private List<Message> built(IntPredicate which) {
        return IntStream.range(0, points.size())
                .filter(which)
                .mapToObj(points::get)
                .flatMap(point -> point.build().stream())
                .toList();
    }
}
