package io.espalier.surgery.torchscript;

import io.espalier.surgery.ModelFormatException;
import io.espalier.surgery.torchscript.source.ClassDefinition;
import io.espalier.surgery.torchscript.source.SourceCode;
import io.espalier.surgery.torchscript.zip.ZipEntry;
import io.espalier.surgery.torchscript.zip.ZipReader;
import java.nio.file.Path;

/**
 * What an archive holds, read and checked, before anything is inlined.
 *
 * @param top the name of the folder that everything lies in, with its slash
 * @param module the model, with its modules below it
 */
record ArchiveContent(
        ZipReader zip,
        String top,
        PickledFile data,
        PickledFile constants,
        ModuleNode module,
        ParameterTable parameters,
        SourceCode code,
        Signature signature) {
    /** Throws ModelFormatException, one line, when the file is no archive that can be read. */
    static ArchiveContent read(Path file) {
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
        return new ArchiveContent(zip, top, data, constants, module, parameters, code, signature);
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
}
