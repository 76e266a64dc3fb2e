package io.espalier.runtime;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * numpy's .npz files: a zip of named arrays, stored or deflated
 * (https://numpy.org/doc/stable/reference/generated/numpy.savez.html). The engine's own reader is not used: it ends the
 * process on types it does not have, such as int16.
 */
public final class Npz {
    private static final String SUFFIX = ".npy";

    private Npz() {}

    /**
     * Reads all arrays of a file, in its order.
     *
     * @throws ModelRuntimeException naming the file, and the array where one cannot be read
     */
    public static Map<String, Tensor> read(Path file) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                String name = entry.getName().endsWith(SUFFIX)
                        ? entry.getName().substring(0, entry.getName().length() - SUFFIX.length())
                        : entry.getName();
                try (InputStream in = zip.getInputStream(entry)) {
                    arrays.put(name, Npy.read(in));
                } catch (IOException | IllegalArgumentException e) {
                    throw new ModelRuntimeException(file + ": array '" + name + "' " + e.getMessage(), e);
                }
            }
        } catch (IOException e) {
            throw new ModelRuntimeException(file + " is no .npz file that can be read: " + EngineErrors.oneLine(e), e);
        }
        if (arrays.isEmpty()) {
            throw new ModelRuntimeException(file + " is a .npz file without arrays");
        }
        return arrays;
    }

    /**
     * Writes the arrays, deflated, in the order of the map.
     *
     * @throws ModelRuntimeException naming the file, when numpy has no such type
     */
    public static void write(Path file, Map<String, Tensor> arrays) throws IOException {
        for (Map.Entry<String, Tensor> entry : arrays.entrySet()) {
            if (Npy.type(entry.getValue().type()).isEmpty()) {
                throw new ModelRuntimeException(file + " cannot be written: numpy has no type for array '"
                        + entry.getKey() + "' of " + entry.getValue());
            }
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, Tensor> entry : arrays.entrySet()) {
                ZipEntry written = new ZipEntry(entry.getKey() + SUFFIX);
                written.setTime(0);
                zip.putNextEntry(written);
                Npy.write(zip, entry.getValue());
                zip.closeEntry();
            }
        }
    }
}
