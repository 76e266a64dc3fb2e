package io.espalier.surgery.coupling;

import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.Parameter;
import java.util.List;
import java.util.Map;

/**
 * What a cut changes besides taking slices away.
 *
 * @param edits whole numbers to put in the code
 * @param renumbered new contents of stored tensors that hold indices of units
 * @param orders the indices that remain of stored dimensions that may change their order, in the order in which they are
 *     needed; one list, or one for each group of a convolution
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Rewrite(
        List<ArgumentEdit> edits, Map<Parameter, int[]> renumbered, Map<ParameterDim, List<int[]>> orders) {
    public Rewrite {
        edits = List.copyOf(edits);
        renumbered = Map.copyOf(renumbered);
        orders = Map.copyOf(orders);
    }
}
