package io.espalier.surgery.prune;

import io.espalier.surgery.TensorCut;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.TensorEdit;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Carries a cut out on an archive. */
public final class CutWriter {
    private final TorchScriptModel model;

    public CutWriter(TorchScriptModel model) {
        this.model = model;
    }

    /** Writes the smaller archive; returns what became of every stored tensor, by name. */
    public Map<String, TensorCut> writePruned(Cut cut, Path target) throws IOException {
        Map<Parameter, TensorEdit> edits = new LinkedHashMap<>();
        Map<String, TensorCut> cuts = new LinkedHashMap<>();
        for (Parameter parameter : model.graph().parameters()) {
            Map<Integer, int[]> kept = cut.kept(parameter);
            long[] after = Cut.shapeAfter(parameter, kept);
            cuts.put(parameter.name(), new TensorCut(parameter.shape(), after, kept));
            if (!kept.isEmpty()) {
                edits.put(
                        parameter, new TensorEdit(after, () -> slicer(parameter).take(model.content(parameter), kept)));
            }
        }
        model.writeEdited(edits, cut.literals(), target);
        return cuts;
    }

    /** Writes the archive at full size, with zero weights wherever a removed unit is read. */
    public void writeZeroed(Cut cut, Path target) throws IOException {
        Map<Parameter, TensorEdit> edits = new LinkedHashMap<>();
        for (Parameter parameter : model.graph().parameters()) {
            Map<Integer, int[]> blanked = cut.blanked(parameter);
            if (!blanked.isEmpty()) {
                edits.put(parameter, new TensorEdit(parameter.shape(), () -> blank(parameter, blanked)));
            }
        }
        model.writeEdited(edits, Map.of(), target);
    }

    private ByteBuffer blank(Parameter parameter, Map<Integer, int[]> blanked) {
        ByteBuffer content = model.content(parameter);
        for (Map.Entry<Integer, int[]> entry : blanked.entrySet()) {
            content = slicer(parameter).blank(content, entry.getKey(), entry.getValue());
        }
        return content;
    }

    private static TensorSlicer slicer(Parameter parameter) {
        return new TensorSlicer(parameter.shape(), parameter.type().bytes());
    }
}
