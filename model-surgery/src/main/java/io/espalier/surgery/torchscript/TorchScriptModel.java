package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.graph.Graph;
import io.espalier.surgery.graph.Parameter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A TorchScript archive as a graph: the reader and writer of this format. Immutable; weights are mapped when asked for. */
public final class TorchScriptModel {
    private final ZipReader zip;
    private final PickledFile data;
    private final PickledFile constants;
    private final ParameterTable parameters;
    private final InlinedMethod forward;

    private TorchScriptModel(
            ZipReader zip, PickledFile data, PickledFile constants, ParameterTable parameters, InlinedMethod forward) {
        this.zip = zip;
        this.data = data;
        this.constants = constants;
        this.parameters = parameters;
        this.forward = forward;
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
        InlinedMethod forward = Inliner.inline(code, parameters, module);
        checkMethods(forward.type());
        return new TorchScriptModel(zip, data, constants, parameters, forward);
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

    /** A cut changes every method that uses the weights, but only forward is read: more methods cannot be kept right. */
    private static void checkMethods(ClassDefinition type) {
        Set<String> known = Set.of("forward", AddedMethod.PROFILED, AddedMethod.SAMPLED);
        for (MethodDefinition method : type.methods().values()) {
            if (!known.contains(method.name())) {
                throw new ModelFormatException(method.file().place(method.line()) + ": the model has a second method, "
                        + method.name() + "; only models with forward alone are read");
            }
        }
    }

    public Graph graph() {
        return forward.graph();
    }

    /** A stored tensor's elements in row-major order, little-endian; a view of the file where it is stored that way. */
    public ByteBuffer content(Parameter parameter) {
        StoredTensor tensor = parameters.tensors(parameter).get(0);
        return StridedReader.contiguous(tensor, zip.content(zip.entries().get(tensor.entry())));
    }

    /** Writes a copy with the method {@code forward_profiled}. */
    public void writeProfiled(Path target) throws IOException {
        writer().write(target, Map.of(), Map.of(), AddedMethod.profiled(forward, parameters));
    }

    /** Writes a copy with the method {@code forward_sampled}. */
    public void writeSampled(List<SampledTensor> samples, Path target) throws IOException {
        writer().write(target, Map.of(), Map.of(), AddedMethod.sampled(forward, parameters, samples));
    }

    /** Writes a copy with other tensors and, by their site number, other integer literals. */
    public void writeEdited(Map<Parameter, TensorEdit> tensors, Map<Integer, Long> literals, Path target)
            throws IOException {
        writer().write(target, tensors, literals, "");
    }

    private ArchiveWriter writer() {
        return new ArchiveWriter(zip, List.of(data, constants), parameters, forward);
    }
}
