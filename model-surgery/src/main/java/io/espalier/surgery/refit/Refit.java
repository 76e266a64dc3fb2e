package io.espalier.surgery.refit;

import java.util.Optional;

/** Chooses a layer's new weights: what was fitted to some inputs is taken when it does better on others. */
public final class Refit {
    /** From hardly any penalty, for layers that can be fitted exactly, to one that leaves weights about as they were. */
    private static final double[] PENALTIES = {1e-9, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1};

    private static final double USUAL_PENALTY = 1e-3;

    /** From so many features on, solving takes long enough to try few penalties. */
    private static final int WIDE = 2048;

    private static final double[] PENALTIES_OF_WIDE = {1e-4, 1e-2};

    private final NormalEquations fitted;
    private final NormalEquations heldOut;
    private final LinearFit start;

    /**
     * @param fitted sums over the inputs that weights are fitted to
     * @param heldOut sums over others
     * @param start the layer as it is
     */
    public Refit(NormalEquations fitted, NormalEquations heldOut, LinearFit start) {
        this.fitted = fitted;
        this.heldOut = heldOut;
        this.start = start;
    }

    /**
     * Weights for some of a layer's features, the others' zero.
     *
     * @param start the layer with all its features
     * @param kept the features that remain
     * @param intercept whether the layer has a place for an intercept
     */
    public static LinearFit without(NormalEquations fitted, LinearFit start, int[] kept, boolean intercept) {
        double[] weights = new double[kept.length * start.outputs()];
        for (int output = 0; output < start.outputs(); output++) {
            for (int i = 0; i < kept.length; i++) {
                weights[output * kept.length + i] = start.weights()[output * start.features() + kept[i]];
            }
        }
        LinearFit cut = new LinearFit(kept.length, start.outputs(), weights, start.intercept());
        LinearFit fit = kept.length == 0
                ? cut
                : new Ridge(fitted.of(kept), cut, intercept)
                        .solve(USUAL_PENALTY)
                        .orElse(cut);
        double[] whole = new double[start.weights().length];
        for (int output = 0; output < start.outputs(); output++) {
            for (int i = 0; i < kept.length; i++) {
                whole[output * start.features() + kept[i]] = fit.weights()[output * kept.length + i];
            }
        }
        return new LinearFit(start.features(), start.outputs(), whole, fit.intercept());
    }

    /** The same weights with means put right, if that does better on the inputs held out. */
    public Optional<LinearFit> intercept() {
        LinearFit fit = fitted.centred(start);
        return heldOut.error(fit) < heldOut.error(start) ? Optional.of(fit) : Optional.empty();
    }

    /**
     * New weights, if some do better on the inputs held out.
     *
     * @param intercept whether the layer has a place for an intercept
     */
    public Optional<LinearFit> weights(boolean intercept) {
        Ridge ridge = new Ridge(fitted, start, intercept);
        double least = heldOut.error(start);
        LinearFit best = null;
        for (double penalty : start.features() < WIDE ? PENALTIES : PENALTIES_OF_WIDE) {
            Optional<LinearFit> fit = ridge.solve(penalty);
            double error = fit.map(heldOut::error).orElse(Double.POSITIVE_INFINITY);
            if (error < least) {
                least = error;
                best = fit.get();
            }
        }
        return Optional.ofNullable(best);
    }
}
