package io.espalier.runtime;

import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.graph.Parameter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of an archive's stored tensors: those of the file, or others in their place. Not safe for several threads. */
public final class Weights {
    private final ModelArchive archive;
    private final Map<Parameter, Tensor> read;
    private Map<Parameter, Tensor> changed = Map.of();

    public Weights(ModelArchive archive) {
        this(archive, new HashMap<>());
    }

    private Weights(ModelArchive archive, Map<Parameter, Tensor> read) {
        this.archive = archive;
        this.read = read;
    }

    /** The numbers of the same file, none changed; what one of both reads, the other need not read again. */
    public Weights unchanged() {
        return new Weights(archive, read);
    }

    public Tensor get(Parameter parameter) {
        Tensor other = changed.get(parameter);
        return other != null ? other : read.computeIfAbsent(parameter, this::read);
    }

    private Tensor read(Parameter parameter) {
        ByteBuffer content = archive.content(parameter);
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return new Tensor(ElementTypes.datatype(parameter.type()).orElseThrow(), parameter.shape(), bytes);
    }

    /** Puts other numbers in place, rounded to the tensor's type. */
    public void set(Parameter parameter, double[] values) {
        TensorBuilder builder =
                new TensorBuilder(ElementTypes.datatype(parameter.type()).orElseThrow(), values.length);
        for (double value : values) {
            builder.add(value);
        }
        Map<Parameter, Tensor> more = new LinkedHashMap<>(changed);
        more.put(parameter, builder.build(parameter.shape()));
        changed = more;
    }

    /** What differs from the file, to come back to. */
    public Map<Parameter, Tensor> changed() {
        return changed;
    }

    /** Goes back to what {@link #changed} gave. */
    public void restore(Map<Parameter, Tensor> earlier) {
        changed = earlier;
    }

    /** Writes a copy of the archive with these numbers. */
    public void write(Path target) throws IOException {
        Map<Parameter, ByteBuffer> contents = new LinkedHashMap<>();
        changed.forEach((parameter, tensor) -> contents.put(parameter, ByteBuffer.wrap(tensor.data())));
        archive.writeWith(contents, target);
    }
}
