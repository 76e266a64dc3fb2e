package io.espalier.surgery.torchscript;

import io.espalier.surgery.ExampleInput;
import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.ModelInputException;
import io.espalier.surgery.graph.ArgumentEdit;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Parameter;
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
    private final ZipReader zip;
    private final PickledFile data;
    private final PickledFile constants;
    private final ParameterTable parameters;
    private final Source source;
    private final int inputs;
    private final InlinedMethod forward;

    /** What forward is inlined from, again whenever more is known of its tensors. */
    private record Source(SourceCode code, ModuleNode top, Signature signature) {}

    private TorchScriptModel(
            ZipReader zip,
            PickledFile data,
            PickledFile constants,
            ParameterTable parameters,
            Source source,
            int inputs,
            Recording recording) {
        this.zip = zip;
        this.data = data;
        this.constants = constants;
        this.parameters = parameters;
        this.source = source;
        this.inputs = inputs;
        this.forward = Inliner.inline(source.code(), parameters, source.top(), source.signature(), inputs, recording);
    }

    /** Throws ModelFormatException, one line, when the file is no archive that can be read. */
    public static TorchScriptModel open(Path file) {
        ZipReader zip = ZipReader.open(file);
        String top = topFolder(zip, file);
        checkByteOrder(zip, top);
        SourceCode code = SourceCode.read(zip, top);
        PickledFile data = PickledFile.read(zip, top, "data", "data");
        PickledFile constants = PickledFile.read(zip, top, "constants", "constants");
        ModuleNode module = ModuleNode.of(data);
        ParameterTable parameters = new ParameterTable(data, module, constants, code);
        ClassDefinition type = code.type(module.type());
        Signature signature = Signature.of(type);
        Methods.check(type);
        Source source = new Source(code, module, signature);
        return new TorchScriptModel(zip, data, constants, parameters, source, signature.required(), Recording.NONE);
    }

    private static String topFolder(ZipReader zip, Path file) {
        String top = null;
        for (String name : zip.entries().keySet()) {
            int slash = name.indexOf('/');
            if (slash < 1 || (top != null && !name.startsWith(top))) {
                throw new ModelFormatException(file.getFileName() + ": entry " + name
                        + " lies outside the one top folder that a TorchScript archive has");
            }
            top = name.substring(0, slash + 1);
        }
        if (top == null) {
            throw new ModelFormatException(file.getFileName() + " is a zip file without entries");
        }
        return top;
    }

    private static void checkByteOrder(ZipReader zip, String top) {
        ZipEntry entry = zip.entries().get(top + "byteorder");
        if (entry != null && entry.size() == 3) {
            throw new ModelFormatException(entry.name() + ": big-endian weights are not read");
        }
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
        List<MethodDefinition.Parameter> all = source.signature().tensors();
        if (given.size() < source.signature().required() || given.size() > all.size()) {
            throw new ModelInputException("the model has " + source.signature().required()
                    + (all.size() > source.signature().required() ? " to " + all.size() : "") + " inputs "
                    + all.stream().map(MethodDefinition.Parameter::name).toList() + ", and " + given.size()
                    + " shapes are given: give one for each");
        }
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
        return straight ? this : new TorchScriptModel(zip, data, constants, parameters, source, count, recording);
    }

    /** The inputs that the model was traced with, where its archive holds their shapes. */
    public Optional<List<ExampleInput>> exampleInputs() {
        return ExampleInputs.read(zip, data.entry().name().replaceAll("data\\.pkl$", ""));
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
        StoredTensor tensor = parameters.tensors(parameter).get(0);
        try (RandomBytes storage = zip.bytes(zip.entries().get(tensor.entry()))) {
            TensorReader reader = new TensorReader(tensor, storage);
            blocks.forEach(block -> reader.read(block, sink));
        }
    }

    /** Writes a copy with the method {@code forward_profiled}. */
    public void writeProfiled(Path target) throws IOException {
        write(target, Map.of(), edit().with(AddedMethod.profiled(forward, parameters)));
    }

    /**
     * Writes a copy with a method {@code forward_profiled} that returns, per tensor of the graph so far, its sizes and the
     * number of its element type, and, once resolved, a method {@code forward_resolved}.
     *
     * @param withForward whether to leave the model's own methods in it
     */
    public void writeProbe(Path target, boolean withForward) throws IOException {
        CodeEdit edit = withForward ? edit() : edit().withoutMethods();
        edit.with(AddedMethod.probing(forward, parameters));
        write(target, Map.of(), isResolved() ? edit.with(AddedMethod.resolved(forward, parameters)) : edit);
    }

    /** Writes a copy with the method {@code forward_sampled}. */
    public void writeSampled(List<SampledTensor> samples, Path target) throws IOException {
        write(target, Map.of(), edit().with(AddedMethod.sampled(forward, parameters, samples)));
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
        return new CodeEdit(source.code(), forward, parameters);
    }

    private void write(Path target, Map<Parameter, TensorEdit> tensors, CodeEdit edit) throws IOException {
        new ArchiveWriter(zip, List.of(data, constants), parameters).write(target, tensors, edit.texts());
    }
}
