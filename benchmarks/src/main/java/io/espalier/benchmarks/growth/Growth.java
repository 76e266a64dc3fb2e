package io.espalier.benchmarks.growth;

import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.StateSize;
import java.util.List;

/**
 * Models alike, with all panes of their windows full.
 *
 * @param samples in a pane
 */
record Growth(String title, int models, List<Layer> layers, int panes, int samples) {
    /** The outputs of all ReLUs of torchvision's ResNet-50 at 224 x 224, 64 positions each; of 7 x 7 there are 49. */
    static final List<Layer> RESNET50 = List.of(
            new Layer(64, 64, 7),
            new Layer(256, 64, 3),
            new Layer(128, 64, 8),
            new Layer(512, 64, 4),
            new Layer(256, 64, 12),
            new Layer(1024, 64, 6),
            // The last stage: the first convolution of its first block still has 14 x 14.
            new Layer(512, 64, 1),
            new Layer(512, 49, 5),
            new Layer(2048, 49, 3));

    /** Bytes on the heap that the service's budget counts with, however many samples there are. */
    long budget() {
        return models
                * layers.stream()
                        .mapToLong(
                                layer -> layer.count() * StateSize.window(layer.units(), layer.positions(), 0, panes))
                        .sum();
    }

    /** Bytes at rest when a counter may be as large as the number of samples; without keys. */
    long bytes() {
        int planes = Integer.SIZE - Integer.numberOfLeadingZeros(samples);
        long pane = layers.stream()
                .mapToLong(layer -> layer.count() * layer.bytes(planes, samples))
                .sum();
        return pane * panes * models;
    }

    /** Counters of one pane of one model. */
    long counters() {
        return layers.stream()
                .mapToLong(layer -> (long) layer.count() * layer.units() * layer.positions())
                .sum();
    }

    /** {@code count} layers alike. */
    record Layer(int units, int positions, int count) {
        /**
         * Of one pane: two headers, the planes, sums and squares of the activations, how many products and codes there are, and
         * codes with their hashes: 8 KiB of them, but at least 4 and at most 256, or all.
         */
        long bytes(int planes, int samples) {
            long code = (long) OverlapCounters.wordsPerSample(units, positions) * Long.BYTES;
            long codes = Math.min(samples, Math.max(4, Math.min(256, 8192 / code)));
            return 5 + 18 + planes * code + 2L * Double.BYTES * units + 4 + 4 + codes * (Long.BYTES + code);
        }
    }
}
