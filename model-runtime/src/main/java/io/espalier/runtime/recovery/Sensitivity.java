package io.espalier.runtime.recovery;

import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.LoadedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import io.espalier.runtime.recovery.StagedNetwork.Stop;
import io.espalier.surgery.Surgeon;
import io.espalier.surgery.UnitReader;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.refit.Block;
import io.espalier.surgery.refit.FeatureSums;
import io.espalier.surgery.refit.LinearAlgebra;
import io.espalier.surgery.refit.LinearFit;
import io.espalier.surgery.refit.Omission;
import io.espalier.surgery.refit.Refit;
import io.espalier.surgery.refit.Site;
import io.espalier.surgery.stage.Stage;
import io.espalier.surgery.stage.Staging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How much the outputs suffer from each of many small cuts, each alone: the weights that read what is cut are fitted to do
 * without, where they can be, and the network runs with them. Nothing is cut in fact: what is gone is read with weights of zero, so one pass
 * over the inputs serves all cuts, and each then costs one run over the inputs held out.
 */
public final class Sensitivity {
    private static final int BATCH = 32;
    private static final long SEED = 2;
    private static final String METHOD = "forward_tried";

    private final ModelRuntime runtime;
    private final DescribedModel model;
    private final Subject subject;
    private final RecoveryInputs inputs;
    private final Weights originals;

    /** {@code samples}: a tensor per input of the model each, batch 1; a hundred or two will do. */
    public Sensitivity(ModelRuntime runtime, DescribedModel model, List<List<Tensor>> samples) {
        this.runtime = runtime;
        this.model = model;
        this.subject = new Subject(model.archive(), model.analysis().shapes().shapes());
        this.inputs = RecoveryInputs.halves(samples, BATCH, SEED);
        this.originals = new Weights(model.archive());
    }

    /**
     * Measures each cut alone.
     *
     * @param cuts each by group the units to remove
     * @return for each, the divergence of the outputs, see {@link Divergence}
     */
    public List<Double> measure(List<Map<String, List<Integer>>> cuts, RecoveryProgress progress) throws IOException {
        List<UnitReader> readers = new Surgeon(model.archive(), model.analysis()).readers();
        List<ReadingLayer> layers = ReadingLayer.of(subject, readers);
        List<Weights> tried = cuts.stream().map(cut -> originals.unchanged()).toList();
        fit(layers, cuts, tried, progress);
        readers.stream()
                .filter(reader -> layers.stream().noneMatch(layer -> layer.isOf(reader)))
                .forEach(reader -> blank(new UnfittedReader(reader), cuts, tried));
        Set<Parameter> given = new LinkedHashSet<>();
        tried.forEach(weights -> given.addAll(weights.changed().keySet()));
        Stage stage = new Staging(subject.archive().graph(), given).whole(METHOD, List.of());
        try (LoadedModel network = runtime.loadWritten(file -> subject.archive().writeStages(List.of(stage), file))) {
            List<List<Tensor>> expected = run(network, stage, originals);
            List<Double> divergences = new ArrayList<>();
            for (Weights weights : tried) {
                Divergence divergence = new Divergence();
                List<List<Tensor>> actual = run(network, stage, weights);
                for (int i = 0; i < actual.size(); i++) {
                    divergence.add(expected.get(i), actual.get(i));
                }
                divergences.add(divergence.measured().divergence());
                progress.advance(layers.size() + divergences.size(), layers.size() + cuts.size());
            }
            return divergences;
        }
    }

    private static void blank(UnfittedReader reader, List<Map<String, List<Integer>>> cuts, List<Weights> tried) {
        for (int i = 0; i < cuts.size(); i++) {
            reader.blank(cuts.get(i), tried.get(i));
        }
    }

    private List<List<Tensor>> run(LoadedModel network, Stage stage, Weights weights) {
        return inputs.heldOut().stream()
                .map(batch -> {
                    List<Tensor> arguments = new ArrayList<>(batch);
                    stage.given().forEach(parameter -> arguments.add(weights.get(parameter)));
                    return network.call(METHOD, arguments);
                })
                .toList();
    }

    private void fit(
            List<ReadingLayer> layers,
            List<Map<String, List<Integer>>> cuts,
            List<Weights> tried,
            RecoveryProgress progress)
            throws IOException {
        List<Stop> stops = layers.stream()
                .map(layer -> {
                    long[] positions = positions(layer.site());
                    return new Stop(
                            layer.site().operator().index(),
                            List.of(layer.site().read(positions)));
                })
                .toList();
        try (StagedNetwork network = new StagedNetwork(runtime, subject, stops, Set.of(), inputs.fitted())) {
            for (int i = 0; i < layers.size(); i++) {
                network.advance(originals);
                fit(layers.get(i), network, cuts, tried);
                progress.advance(i + 1, layers.size() + cuts.size());
            }
        }
    }

    private long[] positions(Site site) {
        return Positions.of(
                site.window().positions(),
                site.features(),
                inputs.fittedSamples(),
                site.name().hashCode());
    }

    private void fit(
            ReadingLayer layer, StagedNetwork network, List<Map<String, List<Integer>>> cuts, List<Weights> tried) {
        Site site = layer.site();
        List<Integer> concerned = IntStream.range(0, cuts.size())
                .filter(i -> Arrays.stream(layer.units()).anyMatch(unit -> UnfittedReader.isGone(unit, cuts.get(i))))
                .boxed()
                .toList();
        if (concerned.isEmpty()) {
            return;
        }
        LayerPair same =
                new LayerPair(site, site, IntStream.range(0, site.outputs()).toArray());
        int groups = site.window().groups();
        List<Block> blocks =
                Block.of(site.features(), site.outputs() / groups, site.window().reach(), Refit.MEMORY);
        int atOnce = blocks.get(0).groupsAtOnce(site.outputs() / groups, Refit.MEMORY);
        for (int first = 0; first < groups; first += atOnce) {
            int end = Math.min(groups, first + atOnce);
            for (Block block : blocks) {
                try (LinearAlgebra algebra = LayerAlgebra.of(runtime, site.features())) {
                    List<FeatureSums> sums = sums(site, network, algebra, block, first, end);
                    for (int i : concerned) {
                        LayerWeights own = new LayerWeights(same, tried.get(i), originals);
                        List<LinearFit> fits = new ArrayList<>(own.fits());
                        for (int group = first; group < end; group++) {
                            Omission omission = new Omission(algebra, sums.get(group - first), own.hasIntercept());
                            fits.set(group, omission.without(fits.get(group), kept(layer, group, cuts.get(i))));
                        }
                        own.set(fits);
                    }
                }
            }
        }
    }

    private List<FeatureSums> sums(
            Site site, StagedNetwork network, LinearAlgebra algebra, Block block, int first, int end) {
        int reach = site.window().reach();
        int channels = site.features() / reach;
        List<FeatureSums> sums = IntStream.range(first, end)
                .mapToObj(group -> new FeatureSums(algebra, block.first(), block.end()))
                .toList();
        for (int batch = 0; batch < inputs.fitted().size(); batch++) {
            LayerRows rows =
                    new LayerRows(algebra, network.look(batch, originals).get(0), reach);
            for (int group = first; group < end; group++) {
                FeatureSums own = sums.get(group - first);
                rows.each(group * channels, channels, (seen, row) -> own.add(seen));
            }
        }
        return sums;
    }

    /** The features of a convolution's group whose channels remain. */
    private static int[] kept(ReadingLayer layer, int group, Map<String, List<Integer>> cut) {
        int reach = layer.site().window().reach();
        int channels = layer.site().features() / reach;
        return IntStream.range(0, channels)
                .filter(c -> !UnfittedReader.isGone(layer.units()[group * channels + c], cut))
                .flatMap(c -> IntStream.range(c * reach, (c + 1) * reach))
                .toArray();
    }
}
