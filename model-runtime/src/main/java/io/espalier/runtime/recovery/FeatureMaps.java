package io.espalier.runtime.recovery;

import io.espalier.protocol.Datatype;
import io.espalier.runtime.Tensor;
import io.espalier.surgery.refit.Site;
import io.espalier.surgery.stage.Tap;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The tensors on the way that the pruned network should have in common with the original: sums behind layers with a
 * shortcut, or, where there are none, what the layers compute.
 */
final class FeatureMaps {
    private final List<LayerPair> layers;

    private FeatureMaps(List<LayerPair> layers) {
        this.layers = layers;
    }

    static FeatureMaps of(List<LayerPair> layers) {
        List<LayerPair> sums = layers.stream().filter(LayerPair::hasShortcut).toList();
        return new FeatureMaps(sums.isEmpty() ? layers : sums);
    }

    int count() {
        return layers.size();
    }

    List<Tap> ofOriginal() {
        return taps(LayerPair::original);
    }

    List<Tap> ofPruned() {
        return taps(LayerPair::pruned);
    }

    private List<Tap> taps(Function<LayerPair, Site> side) {
        return layers.stream().map(layer -> side.apply(layer).result()).toList();
    }

    /** Of what the original gave, outputs and maps in order, what the pruned network should give. */
    List<Tensor> targets(List<Tensor> given) {
        int outputs = given.size() - count();
        List<Tensor> targets = new ArrayList<>(given.subList(0, outputs));
        for (int i = 0; i < count(); i++) {
            targets.add(picked(given.get(outputs + i), layers.get(i).kept()));
        }
        return targets;
    }

    private static Tensor picked(Tensor map, int[] kept) {
        long[] shape = map.shape();
        int bytes = Math.toIntExact(shape[2]) * Datatype.FP32.bytes();
        int units = Math.toIntExact(shape[1]);
        byte[] picked = new byte[Math.toIntExact(shape[0]) * kept.length * bytes];
        int to = 0;
        for (int sample = 0; sample < shape[0]; sample++) {
            for (int unit : kept) {
                System.arraycopy(map.data(), (sample * units + unit) * bytes, picked, to, bytes);
                to += bytes;
            }
        }
        return new Tensor(Datatype.FP32, new long[] {shape[0], kept.length, shape[2]}, picked);
    }
}
