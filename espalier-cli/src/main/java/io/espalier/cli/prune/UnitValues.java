package io.espalier.cli.prune;

import io.espalier.cli.offline.Progress;
import io.espalier.planner.UnitOrder;
import io.espalier.planner.criterion.PointStatistics;
import io.espalier.protocol.record.Criterion;
import io.espalier.runtime.DescribedModel;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Tensor;
import io.espalier.runtime.recovery.UnitCosts;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a criterion says of every unit, with the model and inputs at hand. */
public final class UnitValues {
    private final ModelRuntime runtime;
    private final DescribedModel model;

    public UnitValues(ModelRuntime runtime, DescribedModel model) {
        this.runtime = runtime;
        this.model = model;
    }

    /** Of a criterion that asks for scores, these, of all capture points. */
    public Map<String, double[]> of(Criterion criterion, Map<String, PointStatistics> scores) {
        return UnitOrder.values(model.descriptor(), scores, criterion);
    }

    /** Of a criterion that needs the archive. */
    public Map<String, double[]> byElimination(List<List<Tensor>> samples) throws IOException {
        try (Progress.Sequence bars = new Progress.Sequence()) {
            return new UnitCosts(runtime).of(model, samples, bars.next("elimination"));
        }
    }
}
