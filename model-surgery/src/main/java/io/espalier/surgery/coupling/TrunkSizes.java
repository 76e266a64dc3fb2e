package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Value;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Sizes of tensors in which trunks lie, when of each trunk a share of the units is kept. */
final class TrunkSizes {
    private final Survey survey;
    private final IntUnaryOperator trunkOf;
    private final int[] kept;
    private final int[] of;
    private final IntPredicate stays;

    /**
     * {@code trunkOf}: the number of a label's trunk, or -1; {@code kept} of {@code of}: the share that each trunk keeps;
     * {@code stays}: of labels that are in no trunk.
     */
    TrunkSizes(Survey survey, IntUnaryOperator trunkOf, int[] kept, int[] of, IntPredicate stays) {
        this.survey = survey;
        this.trunkOf = trunkOf;
        this.kept = kept.clone();
        this.of = of.clone();
        this.stays = stays;
    }

    /** Of one trunk, at a smaller width; all else stays. */
    static TrunkSizes ofOne(Survey survey, Trunk trunk, int width) {
        IntUnaryOperator trunkOf = label -> trunk.labels().get(label) ? 0 : -1;
        return new TrunkSizes(survey, trunkOf, new int[] {width}, new int[] {trunk.widest()}, label -> true);
    }

    /** {@code given}: the labels of the value, where they are known; else it is a reshape whose result is asked for. */
    long[] of(Value value, Optional<LabelArray> given) {
        long[] shape = survey.shape(value);
        LabelArray all = survey.spread().get(value);
        if (given.isPresent()) {
            for (int d = 0; d < shape.length; d++) {
                shape[d] = all.varies(d) ? given.get().size(d) : shape[d];
            }
            return shape;
        }
        int scaled = scaledDim(value, all);
        long others = 1;
        for (int d = 0; d < shape.length; d++) {
            others *= all.varies(d) && d != scaled ? all.size(d) : 1;
        }
        shape[scaled] = whole(count(value, all.cells(), all.cells().length), others, value);
        return shape;
    }

    /** The largest, since that of the parts that are shuffled with each other is small; of equal ones the last. */
    private int scaledDim(Value value, LabelArray all) {
        int scaled = -1;
        for (int d = 0; d < all.rank(); d++) {
            boolean may = all.varies(d) && !survey.rigidDims(value).contains(d);
            if (may && (scaled < 0 || all.size(d) >= all.size(scaled))) {
                scaled = d;
            }
        }
        if (scaled < 0) {
            throw new Inconsistent(survey.spreadBy(value), "has indices that are taken one by one");
        }
        return scaled;
    }

    /** Indices that stay before {@code index} along a dimension of a value. */
    long left(Value value, int dim, long index, long sizeNow) {
        LabelArray all = survey.spread().get(value);
        if (all.onlyDim() == dim) {
            return count(value, all.cells(), (int) Math.min(index, all.cells().length));
        }
        return whole(index * sizeNow, survey.shape(value)[dim], value);
    }

    private long count(Value value, int[] labels, int limit) {
        long[] ofTrunks = new long[kept.length];
        long count = 0;
        for (int i = 0; i < limit; i++) {
            int trunk = trunkOf.applyAsInt(labels[i]);
            if (trunk >= 0) {
                ofTrunks[trunk]++;
            } else if (stays.test(labels[i])) {
                count++;
            }
        }
        for (int trunk = 0; trunk < ofTrunks.length; trunk++) {
            count += whole(ofTrunks[trunk] * kept[trunk], of[trunk], value);
        }
        return count;
    }

    private long whole(long product, long divisor, Value value) {
        if (divisor == 0 || product % divisor != 0) {
            throw new Inconsistent(
                    survey.spreadBy(value),
                    "would have a size that is no whole number at " + Arrays.toString(kept) + " of "
                            + Arrays.toString(of) + " units");
        }
        return product / divisor;
    }
}
