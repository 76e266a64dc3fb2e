package io.espalier.surgery.prune;

import io.espalier.surgery.TensorCut;
import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.TensorEdit;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Carries a cut out on an archive. */
public final class CutWriter {
    private final TorchScriptModel model;

    public CutWriter(TorchScriptModel model) {
        this.model = model;
    }

    /** Writes the smaller archive; returns what became of every stored tensor, by name. */
    public Map<String, TensorCut> writePruned(Cut cut, Path target) throws IOException {
        List<ArgumentEdit> code = cut.edits();
        Map<Parameter, TensorEdit> edits = new LinkedHashMap<>();
        Map<String, TensorCut> cuts = new LinkedHashMap<>();
        for (Parameter parameter : model.graph().parameters()) {
            Map<Integer, List<int[]>> kept = cut.kept(parameter);
            long[] after = Cut.shapeAfter(parameter, kept);
            cuts.put(parameter.name(), report(parameter, after, kept));
            if (!kept.isEmpty()) {
                List<Map<Integer, int[]>> blocks = Blocks.of(kept, rows(parameter));
                edits.put(parameter, new TensorEdit(after, sink -> model.read(parameter, blocks, sink)));
            }
        }
        model.writeEdited(edits, code, target);
        return cuts;
    }

    private static TensorCut report(Parameter parameter, long[] after, Map<Integer, List<int[]>> kept) {
        Map<Integer, int[]> plain = new LinkedHashMap<>();
        Map<Integer, List<int[]>> perGroup = new LinkedHashMap<>();
        kept.forEach((dim, lists) -> {
            if (lists.size() == 1) {
                plain.put(dim, lists.get(0));
            } else {
                perGroup.put(dim, lists);
            }
        });
        return new TensorCut(parameter.shape(), after, plain, perGroup);
    }

    /** Writes the archive at full size, with zero weights wherever a removed unit is read. */
    public void writeZeroed(Cut cut, Path target) throws IOException {
        Map<Parameter, TensorEdit> edits = new LinkedHashMap<>();
        for (Parameter parameter : model.graph().parameters()) {
            Map<Integer, List<int[]>> blanked = cut.blanked(parameter);
            if (!blanked.isEmpty()) {
                edits.put(parameter, new TensorEdit(parameter.shape(), sink -> blank(parameter, blanked, sink)));
            }
        }
        model.writeEdited(edits, List.of(), target);
    }

    private void blank(Parameter parameter, Map<Integer, List<int[]>> blanked, Consumer<ByteBuffer> sink) {
        int width = parameter.type().bytes();
        List<Map<Integer, int[]>> blocks = Blocks.of(blanked, rows(parameter));
        if (blocks.size() == 1) {
            model.read(parameter, new Blanking(parameter.shape(), width, blocks.get(0), sink));
            return;
        }
        for (Map<Integer, int[]> block : blocks) {
            Map<Integer, int[]> zeros = new HashMap<>(block);
            int[] rows = zeros.remove(0);
            long[] shape = parameter.shape();
            shape[0] = rows.length;
            model.read(parameter, List.of(Map.of(0, rows)), new Blanking(shape, width, zeros, sink));
        }
    }

    private static int rows(Parameter parameter) {
        return parameter.shape().length == 0 ? 1 : Math.toIntExact(parameter.shape()[0]);
    }
}
