package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Parameter;
import io.espalier.surgery.torchscript.pickle.PickleWriter;
import io.espalier.surgery.torchscript.pickle.Pickled;
import io.espalier.surgery.torchscript.source.SourceFile;
import io.espalier.surgery.torchscript.zip.RandomBytes;
import io.espalier.surgery.torchscript.zip.StoredBytes;
import io.espalier.surgery.torchscript.zip.ZipEntry;
import io.espalier.surgery.torchscript.zip.ZipReader;
import io.espalier.surgery.torchscript.zip.ZipWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes a copy of an archive with edits. Entries keep their order and, unless edited, their bytes; the line maps
 * ({@code .debug_pkl}) of edited code are dropped, as they would be wrong. The target appears whole or not at all.
 */
final class ArchiveWriter {
    private final ZipReader zip;
    private final List<PickledFile> pickles;
    private final ParameterTable parameters;

    /** New content of an entry. */
    private record Edit(long size, ZipWriter.Content content) {
        static Edit of(byte[] content) {
            return new Edit(content.length, sink -> sink.accept(ByteBuffer.wrap(content)));
        }
    }

    ArchiveWriter(ArchiveContent archive) {
        this.zip = archive.zip();
        this.pickles = List.of(archive.data(), archive.constants());
        this.parameters = archive.parameters();
    }

    /** {@code code}: new texts of code files. */
    void write(Path target, Map<Parameter, TensorEdit> tensors, Map<SourceFile, String> code) throws IOException {
        Map<String, Edit> changed = new HashMap<>();
        Set<String> dropped = new HashSet<>();
        editTensors(tensors, changed);
        code.forEach((file, text) -> {
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            changed.put(file.entry().name(), Edit.of(content));
            dropped.add(file.entry().name() + ".debug_pkl");
        });
        String suffix = Integer.toHexString(ThreadLocalRandom.current().nextInt());
        Path unfinished = target.resolveSibling("." + target.getFileName() + "." + suffix + ".part");
        try {
            try (ZipWriter out = new ZipWriter(unfinished)) {
                for (ZipEntry entry : zip.entries().values()) {
                    if (!dropped.contains(entry.name()) && !entry.name().endsWith("/")) {
                        write(entry, changed.get(entry.name()), out);
                    }
                }
                out.finish();
            }
            move(unfinished, target);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private void write(ZipEntry entry, Edit edit, ZipWriter out) throws IOException {
        if (edit != null) {
            // What is copied keeps its checksum and stays as damaged as it was; new content would hide the damage.
            zip.verify(entry);
            out.add(entry.name(), edit.size(), edit.content());
        } else if (entry.deflated()) {
            try (RandomBytes bytes = zip.bytes(entry)) {
                out.add(entry.name(), entry.size(), sink -> bytes.readAll(entry.size(), sink));
            }
        } else {
            try (StoredBytes bytes = zip.stored(entry)) {
                out.copy(entry, bytes);
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void editTensors(Map<Parameter, TensorEdit> tensors, Map<String, Edit> changed) {
        IdentityHashMap<Pickled, Pickled> replaced = new IdentityHashMap<>();
        Set<PickledFile> touched = new HashSet<>();
        tensors.forEach((parameter, edit) -> {
            if (parameter.overlaps()) {
                throw new IllegalArgumentException(parameter.name() + " shares its memory and cannot be replaced");
            }
            for (StoredTensor tensor : parameters.tensors(parameter)) {
                replaced.put(tensor.node(), tensor.replaced(tensor.key(), edit.shape()));
                long size = Math.multiplyExact(
                        elements(edit.shape()), (long) tensor.type().bytes());
                changed.put(tensor.entry(), new Edit(size, edit.content()::writeTo));
            }
            touched.add(parameters.file(parameter));
        });
        for (PickledFile pickle : pickles) {
            if (touched.contains(pickle)) {
                byte[] content = PickleWriter.write(
                        pickle.root(), node -> replaced.containsKey(node) ? replaced.get(node) : node);
                changed.put(pickle.entry().name(), Edit.of(content));
            }
        }
    }

    private static long elements(long[] shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
}
