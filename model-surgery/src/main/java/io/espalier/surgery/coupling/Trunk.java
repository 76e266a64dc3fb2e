package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Value;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Units that may only go so that the whole keeps the form it has at some smaller width, as those of stages in which
 * channels are halved, put together and shuffled again and again.
 *
 * @param labels of all its units
 * @param producers the operators that make them, in order; all units of each are in the trunk
 * @param values the tensors in which they lie, each unit once
 * @param operators those that move, join or read them, and those that compute with sizes, in order
 * @param widest what the numbers of units that the producers make have in common: they are multiples of it
 */
record Trunk(BitSet labels, List<Survey.Block> producers, Set<Value> values, List<Operator> operators, int widest) {
    boolean anyOf(int[] some) {
        for (int label : some) {
            if (labels.get(label)) {
                return true;
            }
        }
        return false;
    }
}
