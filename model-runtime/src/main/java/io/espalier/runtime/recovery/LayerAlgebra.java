package io.espalier.runtime.recovery;

import io.espalier.runtime.EngineAlgebra;
import io.espalier.runtime.ModelRuntime;
import io.espalier.surgery.refit.HeapAlgebra;
import io.espalier.surgery.refit.LinearAlgebra;

/** Where a layer's sums are kept: in the engine, unless they are so small that calls to it cost more than they save. */
final class LayerAlgebra {
    private static final int FEW = 64;

    private LayerAlgebra() {}

    /** {@code features}: those of one group. */
    static LinearAlgebra of(ModelRuntime runtime, int features) {
        return features < FEW ? new HeapAlgebra() : new EngineAlgebra(runtime);
    }
}
