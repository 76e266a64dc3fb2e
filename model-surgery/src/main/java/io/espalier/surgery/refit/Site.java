package io.espalier.surgery.refit;

import io.espalier.surgery.fold.Sinks;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.stage.Tap;
import java.util.Optional;

/**
 * A layer whose weights can be fitted: a convolution or a linear layer that is the only one to use them.
 *
 * @param outputsFirst whether the weight's first dimension is that of the outputs
 * @param rank dimensions of input and output, the first of which is the batch
 * @param unitDim the dimension of the channels in both
 * @param intercept the stored vector that shifts each output, if there is one
 * @param norm the batch norm behind the layer, if that alone reads what it computes
 * @param shortcut what is added behind the layer, if this is the layer to make up for it
 */
public record Site(
        Operator operator,
        Parameter weight,
        boolean outputsFirst,
        Value input,
        Value output,
        int rank,
        int unitDim,
        Window window,
        Optional<Sinks.Sink> intercept,
        Optional<NormSite> norm,
        Optional<Shortcut> shortcut) {
    /** The same in any archive that was cut from one. */
    public String name() {
        return weight.name();
    }

    /** Channels of the output. */
    public int outputs() {
        return Math.toIntExact(weight.shape()[outputsFirst ? 0 : 1]);
    }

    /** Numbers that one output is computed from. */
    public int features() {
        long[] shape = weight.shape();
        return Math.toIntExact(shape[outputsFirst ? 1 : 0]) * window.reach();
    }

    /** What the layer reads for these positions of its output: [batch, channels, positions * reach]. */
    public Tap read(long[] positions) {
        long[] picked = window.sizes().length == 0 ? new long[0] : window.read(positions);
        return new Tap(input, operator.index(), rank, unitDim, window.border(), picked);
    }

    /** The channels that the layer reads, at these positions of its input: [batch, channels, positions]. */
    public Tap channels(long[] positions) {
        return tap(input, operator.index(), positions);
    }

    /** What the layer computes at these positions: [batch, outputs, positions]. */
    public Tap computed(long[] positions) {
        return tap(output, operator.index() + 1, positions);
    }

    /** What is added to it there; there must be a shortcut. */
    public Tap added(long[] positions) {
        Shortcut behind = shortcut.orElseThrow();
        return tap(behind.addend(), behind.add().index(), positions);
    }

    /** The whole of what the layer and its shortcut come to, or of what the layer computes where there is none. */
    public Tap result() {
        return shortcut.map(Shortcut::add)
                .map(add -> tap(add.outputs().get(0), add.index() + 1, new long[0]))
                .orElseGet(() -> computed(new long[0]));
    }

    private Tap tap(Value value, int at, long[] positions) {
        return new Tap(value, at, rank, unitDim, new long[0], rank == 2 ? new long[0] : positions);
    }

    Site withoutShortcut() {
        return new Site(
                operator,
                weight,
                outputsFirst,
                input,
                output,
                rank,
                unitDim,
                window,
                intercept,
                norm,
                Optional.empty());
    }
}
