package io.espalier.surgery.torchscript.source;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.zip.ZipEntry;
import io.espalier.surgery.torchscript.zip.ZipReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All code files of an archive, found by the dotted names that pickles and code use. */
public final class SourceCode {
    private static final long SIZE_LIMIT = 4L << 20;

    private final Map<String, SourceFile> files = new LinkedHashMap<>();
    private final Map<String, ClassDefinition> types = new ConcurrentHashMap<>();

    public static SourceCode read(ZipReader zip, String top) {
        SourceCode code = new SourceCode();
        String folder = top + "code/";
        long size = 0;
        for (ZipEntry entry : zip.entries().values()) {
            if (entry.name().startsWith(folder) && entry.name().endsWith(".py")) {
                size += entry.size();
                if (size > SIZE_LIMIT) {
                    throw new ModelFormatException(
                            entry.name() + ": code of more than " + SIZE_LIMIT + " bytes in all");
                }
                code.add(zip, top, entry);
            }
        }
        if (code.files.isEmpty()) {
            throw new ModelFormatException("the archive has no code/: it holds weights only, save the model with"
                    + " torch.jit.trace(model, example).save(file)");
        }
        return code;
    }

    private void add(ZipReader zip, String top, ZipEntry entry) {
        String name = entry.name().substring(top.length());
        String module =
                name.substring("code/".length(), name.length() - ".py".length()).replace('/', '.');
        String text = StandardCharsets.UTF_8.decode(zip.content(entry)).toString();
        SourceFile file = new SourceFile(entry, name, text);
        SourceParser.parse(file);
        files.put(module, file);
    }

    /** The class of a dotted name; throws ModelFormatException when there is none. */
    public ClassDefinition type(String qualified) {
        ClassDefinition known = types.get(qualified);
        if (known == null) {
            known = find(qualified);
            types.put(qualified, known);
        }
        return known;
    }

    private ClassDefinition find(String qualified) {
        return file(qualified)
                .map(file -> file.classes().get(unqualified(qualified)))
                .orElseThrow(() -> new ModelFormatException(
                        qualified.startsWith("__torch__.torch.classes.")
                                ? "an object of " + qualified.substring("__torch__.".length())
                                        + ", which is no module: quantised and custom classes are not read, give the"
                                        + " float model"
                                : "code/: there is no class " + qualified));
    }

    public Optional<MethodDefinition> function(String qualified) {
        return file(qualified).map(file -> file.functions().get(unqualified(qualified)));
    }

    /** All classes of all files. */
    public List<ClassDefinition> classes() {
        return files.values().stream()
                .flatMap(file -> file.classes().values().stream())
                .toList();
    }

    /** Names of the items of a named tuple; empty when there is no such class. */
    public List<String> fields(String qualified) {
        return file(qualified)
                .map(file -> file.classes().get(unqualified(qualified)))
                .map(ClassDefinition::fields)
                .orElse(List.of());
    }

    private Optional<SourceFile> file(String qualified) {
        int dot = qualified.lastIndexOf('.');
        return dot < 0 ? Optional.empty() : Optional.ofNullable(files.get(qualified.substring(0, dot)));
    }

    private static String unqualified(String qualified) {
        return qualified.substring(qualified.lastIndexOf('.') + 1);
    }
}
