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
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Rewrite(List<ArgumentEdit> edits, Map<Parameter, int[]> renumbered) {
    public Rewrite {
        edits = List.copyOf(edits);
        renumbered = Map.copyOf(renumbered);
    }
}
