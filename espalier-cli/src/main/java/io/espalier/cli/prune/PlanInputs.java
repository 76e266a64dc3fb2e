package io.espalier.cli.prune;

import io.espalier.protocol.record.Expressiveness;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.util.List;

/** The inputs that plans are made by, read when they are needed. */
public interface PlanInputs {
    /** Statistics of all capture points; {@code products}: residual variances as well. */
    List<Expressiveness> score(ModelRuntime runtime, DescribedModel model, boolean products) throws IOException;

    /** The inputs themselves, a tensor per input of the model each, batch 1. */
    List<List<Tensor>> samples();
}
