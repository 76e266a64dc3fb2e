package io.espalier.cli.prune;

import io.espalier.cli.latency.Latency;
import io.espalier.cli.offline.TensorReport;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.BuiltVersion;
import io.espalier.surgery.Fold;
import java.util.List;
import java.util.Map;

/** What {@code --report} writes; {@code latency} for such a target only. */
public record PruneReport(
        long paramsBefore,
        long paramsAfter,
        long macsBefore,
        long macsAfter,
        int units,
        int unitsRemoved,
        double equivalenceMaxRelError,
        Latency latency,
        Map<String, List<Integer>> removed,
        List<Fold> folds,
        Map<String, TensorReport> tensors) {
    static PruneReport of(ModelDescriptor original, BuiltVersion built, UnitChoice choice) {
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
                remove,
                built.report().folds(),
                TensorReport.of(built.report().tensors()));
    }
}
