package io.espalier.surgery.fold;

import io.espalier.surgery.Fold;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.ParameterDim;
import io.espalier.surgery.coupling.UnitIndex;
import io.espalier.surgery.graph.Convolution;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Operator;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds removed units that are the same number whatever the input, and moves what they add to each layer that reads them
 * into that layer's bias, or into the running mean of the batch norm behind it. Only where this is exact: sums are computed
 * in double precision and rounded once.
 */
public final class ConstantFolder {
    private final Coupling coupling;
    private final Set<UnitIndex> removed;
    private final StoredNumbers stored;
    private final SilentUnits silent;
    private final Sinks sinks;
    private final ConstantTracer tracer;
    private final Map<Parameter, double[]> shifts = new LinkedHashMap<>();
    private final List<Fold> folds = new ArrayList<>();

    private ConstantFolder(TorchScriptModel model, Coupling coupling, List<long[]> shapes, Set<UnitIndex> removed) {
        Graph graph = model.graph();
        this.coupling = coupling;
        this.removed = removed;
        stored = new StoredNumbers(model);
        silent = new SilentUnits(graph, coupling, removed, stored);
        Overwritten overwritten = new Overwritten(graph);
        sinks = new Sinks(graph, shapes, overwritten);
        tracer = new ConstantTracer(coupling, removed, silent, stored, overwritten);
    }

    /** {@code shapes}: of the graph's tensor values in order, of the recorded run. */
    public static Folds fold(TorchScriptModel model, Coupling coupling, List<long[]> shapes, Set<UnitIndex> removed) {
        return new ConstantFolder(model, coupling, shapes, removed).run();
    }

    private Folds run() {
        if (silent.isEmpty()) {
            return Folds.NONE;
        }
        coupling.trace(tracer);
        tracer.reads().forEach(this::fold);
        return new Folds(shifts, List.copyOf(folds));
    }

    private void fold(ConstantTracer.Read read) {
        Map<UnitIndex, List<Integer>> columns = new LinkedHashMap<>();
        UnitIndex[] units = coupling.unitsOf(read.weight());
        for (int i = 0; i < Math.min(units.length, read.marks().size()); i++) {
            if (units[i] != null && removed.contains(units[i])) {
                columns.computeIfAbsent(units[i], unit -> new ArrayList<>()).add(i);
            }
        }
        Map<Integer, Double> constants = new LinkedHashMap<>();
        Optional<Sinks.Sink> sink = sinks.of(read.operator(), outputs(read.weight()));
        columns.forEach((unit, at) -> {
            List<Mark> marks = at.stream().map(read.marks()::get).toList();
            if (marks.stream().noneMatch(this::varies) && !marks.stream().allMatch(Mark::isZero)) {
                if (marks.contains(null) && !silent.contains(unit)) {
                    return;
                }
                Optional<String> reason = reason(marks, read.operator(), sink);
                if (reason.isEmpty()) {
                    at.forEach(
                            i -> constants.put(i, ((Mark.Constant) read.marks().get(i)).value()));
                }
                String reader = read.weight().parameter().name();
                folds.add(reason.map(why -> Fold.lost(unit.group(), unit.unit(), reader, why))
                        .orElseGet(() -> Fold.into(
                                unit.group(),
                                unit.unit(),
                                reader,
                                sink.get().vector().name())));
            }
        });
        if (!constants.isEmpty()) {
            add(read.weight(), units.length, constants, sink.get());
        }
    }

    private static int outputs(ParameterDim weight) {
        return Math.toIntExact(weight.parameter().shape()[1 - weight.dim()]);
    }

    private boolean varies(Mark mark) {
        return mark instanceof Mark.Live || mark instanceof Mark.Kept;
    }

    /** Why what is behind these marks cannot be folded; empty when it can. */
    private static Optional<String> reason(List<Mark> marks, Operator reader, Optional<Sinks.Sink> sink) {
        for (Mark mark : marks) {
            if (mark == null) {
                return Optional.of("is not followed up to " + Calls.at(reader));
            } else if (mark instanceof Mark.Lost lost) {
                return Optional.of(lost.reason());
            }
        }
        if (Convolution.is(reader)) {
            Optional<String> uneven = Convolution.uneven(reader);
            if (uneven.isPresent()) {
                return uneven;
            }
        }
        return sink.isPresent()
                ? Optional.empty()
                : Optional.of("no bias or running mean of its own to take it up (" + Calls.at(reader) + ")");
    }

    private void add(ParameterDim weight, int columns, Map<Integer, Double> constants, Sinks.Sink sink) {
        double[] sums = new ColumnSums(stored, weight, columns).of(constants);
        double[] shift = shifts.computeIfAbsent(sink.vector(), v -> new double[sums.length]);
        for (int i = 0; i < sums.length; i++) {
            shift[i] += sink.sign() * sums[i];
        }
    }
}
