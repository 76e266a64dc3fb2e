package io.espalier.surgery;

import io.espalier.surgery.capture.Capture;
import io.espalier.surgery.capture.CaptureFinder;
import io.espalier.surgery.cost.CostCounter;
import io.espalier.surgery.cost.Importance;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.coupling.CouplingFinder;
import io.espalier.surgery.coupling.UnitGroup;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Value;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts an analysis together from coupling, cost, importance and capture points. */
final class Analyser {
    private final TorchScriptModel model;
    private final ShapeProfile profile;

    Analyser(TorchScriptModel model, ShapeProfile profile) {
        this.model = model;
        this.profile = profile;
    }

    ModelAnalysis analyse() {
        Graph graph = model.graph();
        List<long[]> shapes = profile.shapes();
        Coupling coupling = coupling();
        List<Capture> captures = CaptureFinder.find(graph, shapes, coupling);
        CostCounter cost = new CostCounter(graph, shapes, coupling);
        Map<String, Integer> all = new HashMap<>();
        coupling.groups().forEach(group -> all.put(group.id(), group.units()));
        List<Layer> layers = cost.layers(all);
        return new ModelAnalysis(
                layers.stream().mapToLong(Layer::params).sum(),
                layers.stream().mapToLong(Layer::macs).sum(),
                layers,
                groups(coupling, captures),
                captures.stream()
                        .map(c -> new CapturePoint(c.name(), c.group(), c.units(), c.positions()))
                        .toList(),
                coupling.protectedUnits(),
                cost.paramTerms(),
                cost.macTerms(),
                profile);
    }

    /** Follows the units again; cheap, and so an analysis can be plain data. */
    Coupling coupling() {
        check();
        try {
            return CouplingFinder.find(model.graph(), profile.shapes(), new SmallTensors(model));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            throw new ModelFormatException("the recorded shapes do not fit the model: " + e.getMessage(), e);
        }
    }

    private void check() {
        List<Value> tensors = model.graph().tensors();
        if (profile.shapes().size() != tensors.size()) {
            throw new ModelFormatException("the profile has " + profile.shapes().size() + " shapes, the model has "
                    + tensors.size() + " tensor values");
        }
        for (int i = 0; i < tensors.size(); i++) {
            if (Arrays.stream(profile.shapes().get(i)).anyMatch(size -> size < 0)) {
                throw new ModelFormatException("the profile has a size below zero at tensor " + i);
            }
        }
    }

    private List<CouplingGroup> groups(Coupling coupling, List<Capture> captures) {
        Importance importance = new Importance(model.graph(), coupling, model::read);
        return coupling.groups().stream()
                .map(group -> group(group, captures, importance))
                .toList();
    }

    private static CouplingGroup group(UnitGroup group, List<Capture> captures, Importance importance) {
        return new CouplingGroup(
                group.id(),
                group.units(),
                group.members().stream()
                        .map(member ->
                                new CouplingGroup.Member(member.parameter().name(), member.dim()))
                        .toList(),
                captures.stream()
                        .filter(capture -> capture.group().equals(group.id()))
                        .map(Capture::name)
                        .toList(),
                importance.of(group.id()),
                group.blocks(),
                group.widths());
    }
}
