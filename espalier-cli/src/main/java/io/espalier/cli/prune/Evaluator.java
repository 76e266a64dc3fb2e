package io.espalier.cli.prune;

import io.espalier.cli.offline.LabelledData;
import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.Divergence;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures archives on inputs that nothing was fitted to, against the original, and against labels where there are some. */
public final class Evaluator {
    private final ModelRuntime runtime;
    private final LabelledData data;
    private final List<List<Tensor>> expected;

    /**
     * What was measured of one archive.
     *
     * @param accuracy share of inputs that it gives their label; null without labels
     * @param agreement share of inputs that it gives the class that the original gives; null without classes
     * @param divergence see {@link Divergence}
     */
    public record Result(Double accuracy, Double agreement, double divergence) {}

    public Evaluator(ModelRuntime runtime, Path original, LabelledData data) {
        this.runtime = runtime;
        this.data = data;
        this.expected = outputs(original);
    }

    public int inputs() {
        return data.samples().size();
    }

    /** Share of inputs that the original gives their label; null without labels. */
    public Double accuracyOfOriginal() {
        return accuracy(expected);
    }

    public Result evaluate(Path archive) {
        List<List<Tensor>> actual = outputs(archive);
        Divergence divergence = new Divergence();
        for (int i = 0; i < actual.size(); i++) {
            divergence.add(expected.get(i), actual.get(i));
        }
        Divergence.Measured measured = divergence.measured();
        return new Result(accuracy(actual), measured.agreement(), measured.divergence());
    }

    private List<List<Tensor>> outputs(Path archive) {
        List<List<Tensor>> outputs = new ArrayList<>();
        try (LoadedModel model = runtime.load(archive)) {
            data.batches().forEach(batch -> outputs.add(model.forward(batch)));
        }
        return outputs;
    }

    private Double accuracy(List<List<Tensor>> outputs) {
        long[] labels = data.labels().orElse(null);
        if (labels == null) {
            return null;
        }
        int at = 0;
        int right = 0;
        for (List<Tensor> batch : outputs) {
            Tensor scores = batch.get(0);
            int columns = scores.size() / Math.toIntExact(scores.shape()[0]);
            double[] values = scores.reals();
            for (int row = 0; row < scores.shape()[0]; row++) {
                right += largest(values, row * columns, columns) == labels[at++] ? 1 : 0;
            }
        }
        return (double) right / at;
    }

    private static int largest(double[] values, int from, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
