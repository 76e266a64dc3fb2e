package io.espalier.surgery.torchscript;

import io.espalier.surgery.ExampleInput;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.stage.Stage;
import io.espalier.surgery.stage.Tap;
import io.espalier.surgery.torchscript.source.MethodDefinition;
import io.espalier.surgery.torchscript.zip.RandomBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A TorchScript archive as a graph: the reader and writer of this format. Immutable; weights are read when asked for. */
public final class TorchScriptModel {
    private final ArchiveContent archive;
    private final int inputs;
    private final InlinedMethod forward;

    /** Inlines forward, as it is done again whenever more is known of its tensors. */
    private TorchScriptModel(ArchiveContent archive, int inputs, Recording recording) {
        this.archive = archive;
        this.inputs = inputs;
        this.forward = Inliner.inline(archive, inputs, recording);
    }

    /** Throws ModelFormatException, one line, when the file is no archive that can be read. */
    public static TorchScriptModel open(Path file) {
        ArchiveContent archive = ArchiveContent.read(file);
        return new TorchScriptModel(archive, archive.signature().required(), Recording.NONE);
    }

    /** Whether forward could be inlined to its end. */
    public boolean isResolved() {
        return forward.stopped().isEmpty();
    }

    /** Where and why inlining stopped, or empty. */
    public Optional<String> stopped() {
        return forward.stopped();
    }

    /** Whether forward has control flow, so that the graph is one way through it. */
    public boolean isFlattened() {
        return forward.flat();
    }

    /** The same model for a call with these inputs; throws ModelInputException when forward does not take as many. */
    public TorchScriptModel withInputs(List<ExampleInput> given) {
        archive.signature().checkCount(given.size());
        List<MethodDefinition.Parameter> all = archive.signature().tensors();
        List<Recording.Entry> entries = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            TensorFact fact = TensorFact.of(given.get(i).shape(), given.get(i).type());
            entries.add(
                    new Recording.Entry(GraphBuilder.originOfInput(all.get(i).name()), fact));
        }
        return again(given.size(), new Recording(entries));
    }

    /**
     * The same model with what a run of {@link #writeProbe}'s method has shown, vector by vector. Throws
     * ModelFormatException when even so a condition cannot be decided.
     */
    public TorchScriptModel resolved(List<long[]> recorded) {
        if (recorded.size() != graph().tensors().size()) {
            throw new IllegalArgumentException(recorded.size() + " tensors were recorded of "
                    + graph().tensors().size());
        }
        return again(
                inputs, forward.recorded(recorded.stream().map(TensorFact::of).toList()));
    }

    private TorchScriptModel again(int count, Recording recording) {
        boolean straight = !forward.flat() && count == inputs;
        return straight ? this : new TorchScriptModel(archive, count, recording);
    }

    /** The inputs that the model was traced with, where its archive holds their shapes. */
    public Optional<List<ExampleInput>> exampleInputs() {
        return ExampleInputs.read(archive.zip(), archive.top());
    }

    public Graph graph() {
        return forward.graph();
    }

    /** A stored tensor's elements in row-major order, little-endian, whole in memory: for small tensors. */
    public ByteBuffer content(Parameter parameter) {
        long size = parameter.elements() * parameter.type().bytes();
        if (size > Integer.MAX_VALUE - 8) {
            throw new ModelFormatException(parameter.name() + ": has " + size + " bytes, too many to hold at once");
        }
        ByteBuffer content = ByteBuffer.allocate((int) size);
        read(parameter, content::put);
        return content.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The one number that a stored tensor without dimensions holds: a Long, Double or Boolean; empty for any other. */
    public Optional<Object> number(Parameter parameter) {
        if (parameter.shape().length > 0) {
            return Optional.empty();
        }
        ByteBuffer content = content(parameter);
        return switch (parameter.type()) {
            case INT64 -> Optional.of(content.getLong(0));
            case INT32 -> Optional.of((long) content.getInt(0));
            case FLOAT64 -> Optional.of(content.getDouble(0));
            case FLOAT32 -> Optional.of((double) content.getFloat(0));
            case BOOL -> Optional.of(content.get(0) != 0);
            default -> Optional.empty();
        };
    }

    /** As {@link #read(Parameter, List, Consumer)}, all elements. */
    public void read(Parameter parameter, Consumer<ByteBuffer> sink) {
        read(parameter, List.of(Map.of()), sink);
    }

    /**
     * Reads chosen elements of a stored tensor in bounded memory. Each block maps dimensions to the indices taken along
     * them, in the order given; a dimension that is not in the map is taken whole. The blocks follow one another along
     * dimension 0, so a grouped convolution's may take other columns for the rows of each group.
     *
     * @param sink takes pieces of whole elements, row-major, little-endian; a piece is valid until the sink returns
     */
    public void read(Parameter parameter, List<Map<Integer, int[]>> blocks, Consumer<ByteBuffer> sink) {
        StoredTensor tensor = archive.parameters().tensors(parameter).get(0);
        try (RandomBytes storage = archive.zip().bytes(archive.zip().entries().get(tensor.entry()))) {
            TensorReader reader = new TensorReader(tensor, storage);
            blocks.forEach(block -> reader.read(block, sink));
        }
    }

    /** Writes a copy with the method {@code forward_profiled}. */
    public void writeProfiled(Path target) throws IOException {
        write(target, Map.of(), edit().with(AddedMethod.profiled(forward, archive.parameters())));
    }

    /**
     * Writes a copy with a method {@code forward_profiled} that returns, per tensor of the graph so far, its sizes and the
     * number of its element type, and, once resolved, a method {@code forward_resolved}.
     *
     * @param withForward whether to leave the model's own methods in it
     */
    public void writeProbe(Path target, boolean withForward) throws IOException {
        CodeEdit edit = withForward ? edit() : edit().withoutMethods();
        edit.with(AddedMethod.probing(forward, archive.parameters()));
        write(target, Map.of(), isResolved() ? edit.with(AddedMethod.resolved(forward, archive.parameters())) : edit);
    }

    /** Writes a copy with the method {@code forward_sampled}. */
    public void writeSampled(List<Tap> taps, Path target) throws IOException {
        write(target, Map.of(), edit().with(AddedMethod.sampled(forward, archive.parameters(), taps)));
    }

    /** Writes a copy with a method for each stage, and no others. */
    public void writeStages(List<Stage> stages, Path target) throws IOException {
        CodeEdit edit = edit().withoutMethods();
        stages.forEach(stage -> edit.with(AddedMethod.stage(forward, archive.parameters(), stage)));
        write(target, Map.of(), edit);
    }

    /**
     * Writes a copy with other tensors and with other whole numbers in the code of {@code forward}. A model that was resolved
     * from control flow loses it with any edit: what was decided for the old sizes stays decided.
     */
    public void writeEdited(Map<Parameter, TensorEdit> tensors, List<ArgumentEdit> edits, Path target)
            throws IOException {
        boolean same = edits.isEmpty() && (!forward.flat() || tensors.isEmpty());
        write(target, tensors, same ? edit() : edit().with(edits));
    }

    private CodeEdit edit() {
        return new CodeEdit(archive.code(), forward, archive.parameters());
    }

    private void write(Path target, Map<Parameter, TensorEdit> tensors, CodeEdit edit) throws IOException {
        new ArchiveWriter(archive).write(target, tensors, edit.texts());
    }
}
