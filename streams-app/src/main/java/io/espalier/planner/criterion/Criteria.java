package io.espalier.planner.criterion;

import io.espalier.protocol.record.Criterion;

/** The criterion of a name. */
public final class Criteria {
    private Criteria() {}

    /** {@code global}: values of different groups are going to be compared with each other. */
    public static UnitCriterion of(Criterion criterion, boolean global) {
        return switch (criterion.kind()) {
            case EXPRESSIVENESS -> new MeanExpressiveness();
            case EXPRESSIVENESS_REDUNDANCY -> new NovelExpressiveness();
            case L1 -> new WeightNorm("l1");
            case L2 -> new WeightNorm("l2");
            case BN_SCALE -> new BatchNormScale();
            case HYBRID ->
                new HybridRank(new MeanExpressiveness(), new WeightNorm("l2"), criterion.parameter(), global);
            case FLUCTUATION -> new Fluctuation();
            case APOZ -> new NonZeroShare();
            case SALIENCY -> new LeastSquaresSaliency();
            case ELIMINATION -> new ArchiveOnly();
            case RANDOM -> new RandomOrder((long) criterion.parameter());
        };
    }
}
