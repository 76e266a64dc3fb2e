package io.espalier.surgery.torchscript;

import io.espalier.surgery.graph.Parameter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Writes a copy of an archive with edits. Entries keep their order and, unless edited, their bytes; the line maps
 * ({@code .debug_pkl}) of edited code are dropped, as they would be wrong. The target appears whole or not at all.
 */
final class ArchiveWriter {
    private final ZipReader zip;
    private final List<PickledFile> pickles;
    private final ParameterTable parameters;
    private final InlinedMethod forward;

    /** Characters of a code file to replace. */
    private record TextEdit(int start, int end, String text) {}

    ArchiveWriter(ZipReader zip, List<PickledFile> pickles, ParameterTable parameters, InlinedMethod forward) {
        this.zip = zip;
        this.pickles = pickles;
        this.parameters = parameters;
        this.forward = forward;
    }

    /** {@code method}: text to add to the top class, or empty. Methods added earlier are dropped in any case. */
    void write(Path target, Map<Parameter, TensorEdit> tensors, Map<Integer, Long> literals, String method)
            throws IOException {
        Map<String, Supplier<ByteBuffer>> changed = new HashMap<>();
        Set<String> dropped = new HashSet<>();
        editTensors(tensors, changed);
        editCode(literals, method, changed, dropped);
        String suffix = Integer.toHexString(ThreadLocalRandom.current().nextInt());
        Path unfinished = target.resolveSibling("." + target.getFileName() + "." + suffix + ".part");
        try {
            try (ZipWriter out = new ZipWriter(unfinished)) {
                for (ZipEntry entry : zip.entries().values()) {
                    if (!dropped.contains(entry.name()) && !entry.name().endsWith("/")) {
                        Supplier<ByteBuffer> content = changed.get(entry.name());
                        out.add(entry.name(), content == null ? zip.content(entry) : content.get());
                    }
                }
                out.finish();
            }
            move(unfinished, target);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void editTensors(Map<Parameter, TensorEdit> tensors, Map<String, Supplier<ByteBuffer>> changed) {
        IdentityHashMap<Pickled, Pickled> replaced = new IdentityHashMap<>();
        Set<PickledFile> touched = new HashSet<>();
        tensors.forEach((parameter, edit) -> {
            if (parameter.overlaps()) {
                throw new IllegalArgumentException(parameter.name() + " shares its memory and cannot be replaced");
            }
            for (StoredTensor tensor : parameters.tensors(parameter)) {
                replaced.put(tensor.node(), tensor.replaced(tensor.key(), edit.shape()));
                changed.put(tensor.entry(), edit.content());
            }
            touched.add(parameters.file(parameter));
        });
        for (PickledFile pickle : pickles) {
            if (touched.contains(pickle)) {
                byte[] content = PickleWriter.write(
                        pickle.root(), node -> replaced.containsKey(node) ? replaced.get(node) : node);
                changed.put(pickle.entry().name(), () -> ByteBuffer.wrap(content));
            }
        }
    }

    private void editCode(
            Map<Integer, Long> literals,
            String method,
            Map<String, Supplier<ByteBuffer>> changed,
            Set<String> dropped) {
        Map<SourceFile, List<TextEdit>> edits = new HashMap<>();
        literals.forEach((number, value) -> {
            LiteralSite site = forward.sites().get(number);
            edits.computeIfAbsent(site.file(), f -> new ArrayList<>())
                    .add(new TextEdit(site.start(), site.end(), Long.toString(value)));
        });
        ClassDefinition top = forward.type();
        List<TextEdit> ofTop = edits.computeIfAbsent(top.file(), f -> new ArrayList<>());
        for (String name : List.of(AddedMethod.PROFILED, AddedMethod.SAMPLED)) {
            MethodDefinition earlier = top.methods().get(name);
            if (earlier != null) {
                ofTop.add(new TextEdit(earlier.start(), earlier.end(), ""));
            }
        }
        if (!method.isEmpty()) {
            boolean openLine = !top.file().text().substring(0, top.end()).endsWith("\n");
            ofTop.add(new TextEdit(top.end(), top.end(), (openLine ? "\n" : "") + method));
        }
        edits.forEach((file, list) -> {
            if (!list.isEmpty()) {
                byte[] content = edited(file.text(), list).getBytes(StandardCharsets.UTF_8);
                changed.put(file.entry().name(), () -> ByteBuffer.wrap(content));
                dropped.add(file.entry().name() + ".debug_pkl");
            }
        });
    }

    private static String edited(String text, List<TextEdit> edits) {
        StringBuilder result = new StringBuilder(text);
        edits.stream()
                .sorted(Comparator.comparingInt(TextEdit::start)
                        .thenComparingInt(TextEdit::end)
                        .reversed())
                .forEach(edit -> result.replace(edit.start(), edit.end(), edit.text()));
        return result.toString();
    }
}
