package io.espalier.surgery.refit;

import java.util.ArrayList;
import java.util.List;

/**
 * Fits a layer to observations by ridge regression: what was fitted to some is taken when it does better on others.
 *
 * <p>A layer whose sums have no room is fitted block by block of its channels, each to what the layer still lacks when all
 * other blocks are as they are: block coordinate descent, the Gauss-Seidel iteration on the equations of the whole (Golub
 * and Van Loan, "Matrix Computations", 11.2). A block is judged as a layer is, so that no step makes the layer worse.
 */
public final class Refit {
    /** Bytes that the sums of one layer may take. */
    public static final long MEMORY = 512L << 20;

    /** How often blocks are gone through at most. */
    private static final int SWEEPS = 3;

    /** Share of the error that any sweep but the first must take away for another to follow. */
    private static final double WORTHWHILE = 0.05;

    private final LinearAlgebra algebra;
    private final Observations observations;
    private final boolean intercept;
    private final int reach;
    private final long memory;

    /**
     * @param intercept whether the layer has a place for an intercept
     * @param reach features of a channel
     * @param memory bytes that sums may take
     */
    public Refit(LinearAlgebra algebra, Observations observations, boolean intercept, int reach, long memory) {
        this.algebra = algebra;
        this.observations = observations;
        this.intercept = intercept;
        this.reach = reach;
        this.memory = memory;
    }

    /**
     * The same weights with means put right, where that does better on the inputs held out.
     *
     * @param starts the layer as it is, a fit for each of its groups
     * @return the starts themselves where nothing is better
     */
    public List<LinearFit> intercepts(List<LinearFit> starts) {
        List<LinearFit> fits = new ArrayList<>(starts);
        if (intercept) {
            step(0, new Block(0, 0), starts).run(fits);
        }
        return fits;
    }

    /**
     * New weights, where some do better on the inputs held out.
     *
     * @param starts the layer as it is, a fit for each of its groups, all of the same size
     * @return the starts themselves where nothing is better
     */
    public List<LinearFit> weights(List<LinearFit> starts) {
        LinearFit any = starts.get(0);
        List<Block> blocks = Block.of(any.features(), any.outputs(), reach, memory);
        int atOnce = blocks.get(0).groupsAtOnce(any.outputs(), memory);
        List<LinearFit> fits = new ArrayList<>(starts);
        for (int first = 0; first < fits.size(); first += atOnce) {
            int from = first;
            List<LinearFit> some = starts.subList(first, Math.min(fits.size(), first + atOnce));
            double before = Double.POSITIVE_INFINITY;
            for (int sweep = 0; sweep < SWEEPS; sweep++) {
                double error = 0;
                for (Block block : blocks) {
                    error = step(from, block, some).run(fits);
                }
                // One block is solved, not approached.
                if (blocks.size() == 1 || !(error < before * (1 - WORTHWHILE))) {
                    break;
                }
                before = error;
            }
        }
        return fits;
    }

    private BlockStep step(int firstGroup, Block block, List<LinearFit> starts) {
        return new BlockStep(algebra, observations, intercept, firstGroup, block, starts);
    }
}
