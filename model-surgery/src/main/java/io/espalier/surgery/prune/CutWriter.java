package io.espalier.surgery.prune;

import io.espalier.surgery.TensorCut;
import io.espalier.surgery.coupling.Rewrite;
import io.espalier.surgery.fold.ShiftedVector;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.TensorEdit;
import io.espalier.surgery.torchscript.TorchScriptModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Carries a cut out on an archive. */
public final class CutWriter {
    private final TorchScriptModel model;
    private final Map<Parameter, double[]> shifts;

    /** {@code shifts}: per stored vector, what to add to its elements, in all that is written. */
    public CutWriter(TorchScriptModel model, Map<Parameter, double[]> shifts) {
        this.model = model;
        this.shifts = Map.copyOf(shifts);
    }

    /** Writes the smaller archive; returns what became of every stored tensor, by name. */
    public Map<String, TensorCut> writePruned(Cut cut, Path target) throws IOException {
        Rewrite rewrite = cut.rewrite();
        Map<Parameter, TensorEdit> edits = new LinkedHashMap<>();
        Map<String, TensorCut> cuts = new LinkedHashMap<>();
        for (Parameter parameter : model.graph().parameters()) {
            Map<Integer, List<int[]>> kept = cut.kept(parameter, rewrite);
            long[] after = Cut.shapeAfter(parameter, kept);
            cuts.put(parameter.name(), report(parameter, after, kept));
            if (shifts.containsKey(parameter)) {
                int[] all = IntStream.range(0, rows(parameter)).toArray();
                int[] staying = kept.getOrDefault(0, List.of(all)).get(0);
                edits.put(parameter, new TensorEdit(after, sink -> shift(parameter, staying, sink)));
            } else if (!kept.isEmpty()) {
                List<Map<Integer, int[]>> blocks = Blocks.of(kept, rows(parameter));
                edits.put(parameter, new TensorEdit(after, sink -> model.read(parameter, blocks, sink)));
            }
        }
        rewrite.renumbered().forEach((parameter, indices) -> {
            long[] after = {indices.length};
            edits.put(parameter, new TensorEdit(after, sink -> sink.accept(bytes(parameter, indices))));
        });
        model.writeEdited(edits, rewrite.edits(), target);
        return cuts;
    }

    private static ByteBuffer bytes(Parameter parameter, int[] numbers) {
        int width = parameter.type().bytes();
        ByteBuffer content = ByteBuffer.allocate(width * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : numbers) {
            if (width == Long.BYTES) {
                content.putLong(number);
            } else {
                content.putInt(number);
            }
        }
        return content.flip();
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
        shifts.keySet().forEach(vector -> {
            int[] all = IntStream.range(0, rows(vector)).toArray();
            edits.put(vector, new TensorEdit(vector.shape(), sink -> shift(vector, all, sink)));
        });
        model.writeEdited(edits, List.of(), target);
    }

    private void shift(Parameter vector, int[] kept, Consumer<ByteBuffer> sink) {
        sink.accept(ShiftedVector.of(model.content(vector), vector.type(), shifts.get(vector), kept));
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
