package io.espalier.cli.demo;

import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import java.nio.file.Path;
import java.util.List;

/**
 * How well two models do on the same images.
 *
 * @param accuracyBefore share of images the original classifies right
 * @param accuracyAfter share of images the smaller one classifies right
 * @param agreement share of images both give the same class
 */
record Evaluation(double accuracyBefore, double accuracyAfter, double agreement) {
    private static final int BATCH = 100;

    static Evaluation of(ModelRuntime runtime, Path original, Path smaller, Images images) {
        int[] before = classes(runtime, original, images);
        int[] after = classes(runtime, smaller, images);
        int rightBefore = 0;
        int rightAfter = 0;
        int equal = 0;
        for (int i = 0; i < images.count(); i++) {
            rightBefore += before[i] == images.labels()[i] ? 1 : 0;
            rightAfter += after[i] == images.labels()[i] ? 1 : 0;
            equal += before[i] == after[i] ? 1 : 0;
        }
        double count = images.count();
        return new Evaluation(rightBefore / count, rightAfter / count, equal / count);
    }

    private static int[] classes(ModelRuntime runtime, Path archive, Images images) {
        int[] classes = new int[images.count()];
        try (LoadedModel model = runtime.load(archive)) {
            for (int start = 0; start < classes.length; start += BATCH) {
                int end = Math.min(start + BATCH, classes.length);
                Tensor batch = Tensor.of(images.batch(start, end));
                float[] logits = model.forward(List.of(batch)).get(0).toFloats().data();
                int width = logits.length / (end - start);
                for (int i = start; i < end; i++) {
                    classes[i] = largest(logits, (i - start) * width, width);
                }
            }
        }
        return classes;
    }

    private static int largest(float[] values, int start, int length) {
        int best = 0;
        for (int i = 1; i < length; i++) {
            if (values[start + i] > values[start + best]) {
                best = i;
            }
        }
        return best;
    }
}
