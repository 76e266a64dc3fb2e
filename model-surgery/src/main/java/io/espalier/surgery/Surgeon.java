package io.espalier.surgery;

import io.espalier.surgery.capture.Capture;
import io.espalier.surgery.capture.CaptureFinder;
import io.espalier.surgery.coupling.Coupling;
import io.espalier.surgery.fold.ConstantFolder;
import io.espalier.surgery.fold.Folds;
import io.espalier.surgery.prune.Cut;
import io.espalier.surgery.prune.CutWriter;
import io.espalier.surgery.stage.Tap;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes altered copies of one model. The same input and plan give the same bytes. A target may be the model itself. */
public final class Surgeon {
    private final TorchScriptModel model;
    private final ModelAnalysis analysis;
    private final Coupling coupling;

    /** {@code analysis}: of this model; throws {@link ModelFormatException} when it is of another. */
    public Surgeon(ModelArchive model, ModelAnalysis analysis) {
        this.model = model.model();
        this.analysis = analysis;
        this.coupling = new Analyser(this.model, analysis.shapes()).coupling();
    }

    /**
     * Writes a copy with one more method, {@code forward_sampled(inputs...) -> Tuple[output of forward, List[Tensor]]}:
     * one float32 tensor of shape [batch, units, positions] per capture point, in the order of the analysis. The values
     * are picked, never pooled; {@code forward} and all else stay as they are. Any batch size will do; the other sizes
     * must be those of the recorded run.
     */
    public void writeSampled(Path target) throws IOException {
        List<Tap> taps = CaptureFinder.find(model.graph(), analysis.shapes().shapes(), coupling).stream()
                .map(Capture::tap)
                .toList();
        model.writeSampled(taps, target);
    }

    /**
     * Writes the model without the plan's units. What units without weights let through is folded where that is exact.
     * Throws {@link IllegalPlanException}, one line.
     */
    public PruningReport writePruned(PruningPlan plan, Path target) throws IOException {
        Map<String, Integer> kept = analysis.kept(plan);
        Cut cut = new Cut(coupling, plan);
        Folds folds = folds(cut);
        Map<String, TensorCut> tensors = new CutWriter(model, folds.shifts()).writePruned(cut, target);
        return new PruningReport(
                analysis.params(), analysis.params(kept), analysis.macs(), analysis.macs(kept), tensors, folds.folds());
    }

    /** The weights that read units, and which units those are. */
    public List<UnitReader> readers() {
        return coupling.consumers().stream()
                .map(at -> new UnitReader(at.parameter(), at.dim(), coupling.unitsOf(at)))
                .toList();
    }

    private Folds folds(Cut cut) {
        return ConstantFolder.fold(model, coupling, analysis.shapes().shapes(), cut.removed());
    }

    /**
     * Writes the model at its full size with every weight that reads a removed unit set to zero, and with what was folded:
     * what a pruned model's output must equal. Throws {@link IllegalPlanException}, one line.
     */
    public void writeZeroed(PruningPlan plan, Path target) throws IOException {
        plan.check(analysis);
        Cut cut = new Cut(coupling, plan);
        new CutWriter(model, folds(cut).shifts()).writeZeroed(cut, target);
    }
}
