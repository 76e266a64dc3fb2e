package io.espalier.runtime.recovery;

import io.espalier.runtime.Batches;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import io.espalier.runtime.recovery.StagedNetwork.Stop;
import io.espalier.surgery.CouplingGroup;
import io.espalier.surgery.Surgeon;
import io.espalier.surgery.UnitReader;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.refit.Elimination;
import io.espalier.surgery.refit.FeatureSums;
import io.espalier.surgery.refit.LinearAlgebra;
import io.espalier.surgery.refit.Matrix;
import io.espalier.surgery.refit.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** What units cost when they go one after the other and what reads them is refitted: {@link Elimination}, by the engine. */
public final class UnitCosts {
    private static final int BATCH = 32;

    /** Inverting and downdating take the cube of a layer's channels; above this, it does not say anything of its units. */
    private static final int MOST_CHANNELS = 4096;

    /** Of a layer, whose weights are multiplied at a time. */
    private static final int OUTPUTS = 64;

    private final ModelRuntime runtime;

    public UnitCosts(ModelRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Costs per group and unit, the lower, the sooner a unit goes; see {@link Elimination#costs}. Of groups that no layer
     * reads whose weights can be fitted, none.
     *
     * @param samples a tensor per input of the model each, batch 1
     */
    public Map<String, double[]> of(DescribedModel model, List<List<Tensor>> samples, RecoveryProgress progress)
            throws IOException {
        Subject subject = new Subject(model.archive(), model.analysis().shapes().shapes());
        List<UnitReader> reading = new Surgeon(model.archive(), model.analysis()).readers();
        List<ReadingLayer> layers = ReadingLayer.of(subject, reading).stream()
                .filter(layer -> layer.units().length <= MOST_CHANNELS)
                .toList();
        Weights weights = new Weights(model.archive());
        List<List<Tensor>> batches = Batches.of(samples, BATCH);
        Map<String, List<Elimination.Reader>> readers = new LinkedHashMap<>();
        List<long[]> positions = layers.stream()
                .map(layer -> positions(layer.site(), samples.size()))
                .toList();
        List<Stop> stops = IntStream.range(0, layers.size())
                .mapToObj(i -> new Stop(
                        layers.get(i).site().operator().index(),
                        List.of(layers.get(i).site().channels(positions.get(i)))))
                .toList();
        try (StagedNetwork network = new StagedNetwork(runtime, subject, stops, Set.of(), batches)) {
            for (int i = 0; i < layers.size(); i++) {
                network.advance(weights);
                add(layers.get(i), network, batches.size(), weights, model, readers);
                progress.advance(i + 1, layers.size());
            }
        }
        Map<String, double[]> costs = new LinkedHashMap<>();
        readers.forEach((group, all) -> costs.put(group, new Elimination(all).costs()));
        return costs;
    }

    /** Of its input: where a layer strides, it still says what its channels have to do with each other. */
    private static long[] positions(Site site, int samples) {
        long all = Arrays.stream(site.window().sizes()).reduce(1, Math::multiplyExact);
        return Positions.of(
                all,
                Math.toIntExact(site.weight().shape()[1]),
                samples,
                site.name().hashCode());
    }

    private void add(
            ReadingLayer layer,
            StagedNetwork network,
            int batches,
            Weights weights,
            DescribedModel model,
            Map<String, List<Elimination.Reader>> readers) {
        int channels = layer.units().length;
        double[] covariances;
        double[] together;
        try (LinearAlgebra algebra = LayerAlgebra.of(runtime, channels)) {
            try (FeatureSums sums = new FeatureSums(algebra, 0, channels)) {
                for (int batch = 0; batch < batches; batch++) {
                    Tensor seen = network.look(batch, weights).get(0);
                    new LayerRows(algebra, seen, 1).each(0, channels, (rows, first) -> sums.add(rows));
                }
                covariances = sums.covariances();
            }
            together = together(layer, weights, algebra);
        }
        for (CouplingGroup group : model.analysis().groups()) {
            List<int[]> own = IntStream.range(0, group.units())
                    .mapToObj(unit -> IntStream.range(0, channels)
                            .filter(c -> new UnitIndex(group.id(), unit).equals(layer.units()[c]))
                            .toArray())
                    .toList();
            if (own.stream().anyMatch(indices -> indices.length > 0)) {
                readers.computeIfAbsent(group.id(), id -> new ArrayList<>())
                        .add(new Elimination.Reader(covariances, together, own));
            }
        }
    }

    /** What the weights that read any two channels have in common, behind a norm if there is one: [channels][channels]. */
    private static double[] together(ReadingLayer layer, Weights weights, LinearAlgebra algebra) {
        Site site = layer.site();
        int channels = layer.units().length;
        int outputs = site.outputs();
        int reach = site.window().reach();
        int groups = site.window().groups();
        int each = channels / groups;
        double[] gains = new double[outputs];
        Arrays.fill(gains, 1);
        site.norm().ifPresent(norm -> System.arraycopy(NormFactors.of(norm, weights), 0, gains, 0, outputs));
        double[] stored = weights.get(site.weight()).reals();
        try (Matrix sum = algebra.zeros(channels, channels)) {
            for (int from = 0; from < outputs; from += OUTPUTS) {
                int some = Math.min(OUTPUTS, outputs - from);
                double[] read = new double[some * reach * channels];
                for (int row = 0; row < some; row++) {
                    int output = from + row;
                    int first = output / (outputs / groups) * each;
                    for (int c = 0; c < each; c++) {
                        for (int offset = 0; offset < reach; offset++) {
                            int at = site.outputsFirst() ? (output * each + c) * reach + offset : c * outputs + output;
                            read[(row * reach + offset) * channels + first + c] = stored[at] * gains[output];
                        }
                    }
                }
                try (Matrix rows = algebra.of(some * reach, channels, buffer -> buffer.put(read))) {
                    sum.addGram(rows);
                }
            }
            sum.mirror();
            return sum.values();
        }
    }
}
