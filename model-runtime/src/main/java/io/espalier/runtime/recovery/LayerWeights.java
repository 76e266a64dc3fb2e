package io.espalier.runtime.recovery;

import io.espalier.runtime.Weights;
import io.espalier.surgery.fold.Sinks;
import io.espalier.surgery.refit.LinearFit;
import io.espalier.surgery.refit.Site;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Reads a layer's weights as fits, one for each of its groups, and writes them. The intercept is the layer's bias; where it
 * has none, it is what the running mean of the norm behind it is below the original's.
 */
final class LayerWeights {
    private final LayerPair layer;
    private final Weights weights;
    private final double[] originalVector;

    LayerWeights(LayerPair layer, Weights weights, Weights original) {
        this.layer = layer;
        this.weights = weights;
        this.originalVector = layer.pruned()
                .intercept()
                .filter(sink -> sink.sign() < 0)
                .flatMap(sink -> layer.original().intercept())
                .map(sink -> picked(original.get(sink.vector()).reals()))
                .orElse(null);
    }

    boolean hasIntercept() {
        return layer.pruned()
                .intercept()
                .filter(sink -> sink.sign() > 0 || originalVector != null)
                .isPresent();
    }

    /** One for each group. */
    List<LinearFit> fits() {
        Site site = layer.pruned();
        int features = site.features();
        int outputs = site.outputs() / site.window().groups();
        double[] all = outputsFirst(weights.get(site.weight()).reals());
        double[] intercepts = intercepts();
        return IntStream.range(0, site.window().groups())
                .map(group -> group * outputs)
                .mapToObj(from -> new LinearFit(
                        features,
                        outputs,
                        Arrays.copyOfRange(all, from * features, (from + outputs) * features),
                        Arrays.copyOfRange(intercepts, from, from + outputs)))
                .toList();
    }

    private double[] intercepts() {
        double[] intercepts = new double[layer.pruned().outputs()];
        Optional<Sinks.Sink> sink = layer.pruned().intercept();
        if (hasIntercept()) {
            double[] vector = weights.get(sink.get().vector()).reals();
            Arrays.setAll(intercepts, i -> originalVector == null ? vector[i] : originalVector[i] - vector[i]);
        }
        return intercepts;
    }

    /** {@code fits}: one for each group. */
    void set(List<LinearFit> fits) {
        Site site = layer.pruned();
        double[] all = fits.stream()
                .flatMapToDouble(fit -> Arrays.stream(fit.weights()))
                .toArray();
        weights.set(site.weight(), fileOrder(all));
        if (hasIntercept()) {
            double[] vector = fits.stream()
                    .flatMapToDouble(fit -> Arrays.stream(fit.intercept()))
                    .toArray();
            if (originalVector != null) {
                Arrays.setAll(vector, i -> originalVector[i] - vector[i]);
            }
            weights.set(site.intercept().orElseThrow().vector(), vector);
        }
    }

    /** By what a norm behind the layer multiplies each of its outputs; ones where there is none. */
    double[] gains() {
        double[] gains = new double[layer.pruned().outputs()];
        Arrays.fill(gains, 1);
        layer.pruned()
                .norm()
                .ifPresent(norm -> System.arraycopy(NormFactors.of(norm, weights), 0, gains, 0, gains.length));
        return gains;
    }

    private double[] outputsFirst(double[] file) {
        Site site = layer.pruned();
        return site.outputsFirst() ? file : transposed(file, site.features(), site.outputs());
    }

    private double[] fileOrder(double[] outputsFirst) {
        Site site = layer.pruned();
        return site.outputsFirst() ? outputsFirst : transposed(outputsFirst, site.outputs(), site.features());
    }

    private static double[] transposed(double[] matrix, int rows, int columns) {
        double[] turned = new double[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j * rows + i] = matrix[i * columns + j];
            }
        }
        return turned;
    }

    private double[] picked(double[] original) {
        return Arrays.stream(layer.kept()).mapToDouble(i -> original[i]).toArray();
    }
}
