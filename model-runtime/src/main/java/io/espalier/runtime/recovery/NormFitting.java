package io.espalier.runtime.recovery;

import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.Weights;
import io.espalier.runtime.recovery.StagedNetwork.Stop;
import io.espalier.surgery.TensorCut;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.refit.ChannelMoments;
import io.espalier.surgery.refit.NormSite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Takes the statistics of batch norms anew from what they read in the pruned network, one after the other in order of
 * execution. A norm keeps the old ones where those bring it nearer to what it gave in the original.
 */
final class NormFitting {
    private final ModelRuntime runtime;
    private final Subject original;
    private final Subject pruned;
    private final RecoveryInputs inputs;
    private final List<Pair> pairs = new ArrayList<>();

    private record Pair(NormSite original, NormSite pruned, int[] kept, long[] positions) {}

    /** {@code tensors}: what became of every stored tensor of the original, by name. */
    NormFitting(
            ModelRuntime runtime,
            Subject original,
            Subject pruned,
            Map<String, TensorCut> tensors,
            RecoveryInputs inputs) {
        this.runtime = runtime;
        this.original = original;
        this.pruned = pruned;
        this.inputs = inputs;
        Map<String, NormSite> before = NormSite.of(original.archive().graph(), original.shapes());
        NormSite.of(pruned.archive().graph(), pruned.shapes()).forEach((name, site) -> {
            NormSite whole = before.get(name);
            if (whole != null) {
                int[] all = IntStream.range(0, Math.toIntExact(whole.variance().shape()[0]))
                        .toArray();
                pairs.add(new Pair(whole, site, tensors.get(name).kept().getOrDefault(0, all), positions(site)));
            }
        });
    }

    private long[] positions(NormSite site) {
        long[] shape = pruned.shapes().get(site.input().tensor());
        long all = Arrays.stream(shape).skip(2).reduce(1, Math::multiplyExact);
        return Positions.of(
                all, 1, inputs.fittedSamples(), site.variance().name().hashCode());
    }

    /** Into {@code weights}; returns how many norms changed. */
    int fit(Weights weights, RecoveryProgress progress) throws IOException {
        Weights originals = new Weights(original.archive());
        Set<Parameter> given = new LinkedHashSet<>(weights.changed().keySet());
        pairs.forEach(
                pair -> given.addAll(List.of(pair.pruned().mean(), pair.pruned().variance())));
        List<Stop> before = pairs.stream()
                .map(pair -> new Stop(
                        pair.original().operator().index() + 1,
                        List.of(pair.original().computed(pair.positions()))))
                .toList();
        List<Stop> now = pairs.stream()
                .map(pair -> new Stop(
                        pair.pruned().operator().index(), List.of(pair.pruned().read(pair.positions()))))
                .toList();
        int changed = 0;
        try (StagedNetwork teacher = new StagedNetwork(runtime, original, before, Set.of(), inputs.all());
                StagedNetwork student = new StagedNetwork(runtime, pruned, now, given, inputs.all())) {
            for (int i = 0; i < pairs.size(); i++) {
                teacher.advance(originals);
                student.advance(weights);
                changed += fit(pairs.get(i), teacher, originals, student, weights) ? 1 : 0;
                progress.advance(i + 1, pairs.size());
            }
        }
        return changed;
    }

    private boolean fit(Pair pair, StagedNetwork teacher, Weights originals, StagedNetwork student, Weights weights) {
        ChannelMoments fitted = new ChannelMoments(pair.kept().length);
        ChannelMoments heldOut = new ChannelMoments(pair.kept().length);
        for (int batch = 0; batch < inputs.all().size(); batch++) {
            add(
                    pair,
                    student.look(batch, weights).get(0),
                    teacher.look(batch, originals).get(0),
                    batch < inputs.fitted().size() ? fitted : heldOut);
        }
        double[] means = fitted.means();
        double[] variances = fitted.variances();
        NormSite norm = pair.pruned();
        double now = error(heldOut, norm, weights, means, variances);
        double before = error(
                heldOut,
                norm,
                weights,
                weights.get(norm.mean()).reals(),
                weights.get(norm.variance()).reals());
        if (!(now < before)) {
            return false;
        }
        weights.set(norm.mean(), means);
        weights.set(norm.variance(), variances);
        return true;
    }

    private static void add(Pair pair, Tensor read, Tensor wanted, ChannelMoments moments) {
        float[] x = read.toFloats().data();
        float[] y = wanted.toFloats().data();
        int batch = Math.toIntExact(read.shape()[0]);
        int positions = Math.toIntExact(read.shape()[2]);
        int originals = Math.toIntExact(wanted.shape()[1]);
        int[] kept = pair.kept();
        for (int sample = 0; sample < batch; sample++) {
            for (int channel = 0; channel < kept.length; channel++) {
                int from = (sample * kept.length + channel) * positions;
                int fromOriginal = (sample * originals + kept[channel]) * positions;
                for (int position = 0; position < positions; position++) {
                    moments.add(channel, x[from + position], y[fromOriginal + position]);
                }
            }
        }
        moments.count((long) batch * positions);
    }

    private static double error(
            ChannelMoments moments, NormSite norm, Weights weights, double[] means, double[] variances) {
        double[] shift = norm.shift().map(weights::get).map(Tensor::reals).orElse(null);
        double[] factors = NormFactors.of(norm, weights, variances);
        double[] terms = new double[means.length];
        Arrays.setAll(terms, c -> (shift == null ? 0 : shift[c]) - factors[c] * means[c]);
        return moments.error(factors, terms);
    }
}
