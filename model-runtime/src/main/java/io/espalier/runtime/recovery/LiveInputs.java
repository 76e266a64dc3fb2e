package io.espalier.runtime.recovery;

import io.espalier.runtime.Tensor;
import java.util.List;

/** Where further inputs come from while a network is trained: live traffic never runs out. */
@FunctionalInterface
public interface LiveInputs {
    /** No others. */
    LiveInputs NONE = List::of;

    /** What came since this was last asked, a tensor per input of the model each, batch 1; does not wait for more. */
    List<List<Tensor>> poll();
}
