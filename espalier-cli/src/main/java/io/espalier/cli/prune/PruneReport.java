package io.espalier.cli.prune;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.espalier.cli.latency.Latency;
import io.espalier.cli.offline.TensorReport;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.BuiltVersion;
import io.espalier.runtime.recovery.StepReport;
import io.espalier.surgery.Fold;
import java.util.List;
import java.util.Map;

/**
 * What {@code --report} writes.
 *
 * @param latency for such a target only
 * @param disagreement where a model was searched for by that
 * @param recovery what each step gained; left out when there was none
 * @param evaluation on inputs that nothing was fitted to; left out where there were none
 */
public record PruneReport(
        long paramsBefore,
        long paramsAfter,
        long macsBefore,
        long macsAfter,
        int units,
        int unitsRemoved,
        double equivalenceMaxRelError,
        Latency latency,
        Disagreement disagreement,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StepReport> recovery,
        Evaluation evaluation,
        Map<String, List<Integer>> removed,
        List<Fold> folds,
        Map<String, TensorReport> tensors) {
    static PruneReport of(
            ModelDescriptor original,
            BuiltVersion built,
            UnitChoice choice,
            List<StepReport> recovery,
            Evaluation evaluation) {
        Map<String, List<Integer>> remove = choice.remove();
        return new PruneReport(
                original.params(),
                built.params(),
                original.macs(),
                built.macs(),
                original.groups().stream()
                        .mapToInt(ModelDescriptor.Group::units)
                        .sum(),
                remove.values().stream().mapToInt(List::size).sum(),
                built.maxRelativeError(),
                choice.latency(),
                choice.disagreement(),
                recovery,
                evaluation,
                remove,
                built.report().folds(),
                TensorReport.of(built.report().tensors()));
    }
}
