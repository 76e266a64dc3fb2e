package io.espalier.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.surgery.TensorCut;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A copy of an archive in which removed units are exactly dead: their filters, biases, norm scales and shifts are zero, and
 * what reads them is as it was. Made byte by byte from PyTorch's account of the archive; of the surgery it knows only the
 * report's index map.
 */
final class DeadCopy {
    private DeadCopy() {}

    static void write(FamilyArchive archive, Map<String, TensorCut> cuts, Path target) throws IOException {
        write(archive, cuts, 1, target);
    }

    /** The same with filters zero only: what biases and norms make of nothing stays, so that the units are constants. */
    static void writeSilent(FamilyArchive archive, Map<String, TensorCut> cuts, Path target) throws IOException {
        write(archive, cuts, 2, target);
    }

    private static void write(FamilyArchive archive, Map<String, TensorCut> cuts, int minRank, Path target)
            throws IOException {
        Map<String, byte[]> entries = entries(archive.path());
        JsonNode report = new ObjectMapper().valueToTree(cuts);
        for (FamilyArchive.StoredTensor tensor : archive.tensors()) {
            JsonNode kept = report.path(tensor.name()).path("kept");
            for (int dim = 0; dim < tensor.shape().length; dim++) {
                JsonNode indices = kept.path(String.valueOf(dim));
                if (tensor.shape().length >= minRank && tensor.isDeadAlong(dim) && !indices.isMissingNode()) {
                    Set<Long> alive = new HashSet<>();
                    indices.forEach(index -> alive.add(index.asLong()));
                    zero(entries.get(tensor.entry()), tensor, dim, alive);
                }
            }
        }
        write(entries, target);
    }

    private static void zero(byte[] storage, FamilyArchive.StoredTensor tensor, int dim, Set<Long> alive) {
        int bytes = Integer.parseInt(tensor.type().substring(1));
        long elements = FloatTensor.elements(tensor.shape());
        for (long i = 0; i < elements; i++) {
            long rest = i;
            long at = tensor.offset();
            boolean dead = false;
            for (int d = tensor.shape().length - 1; d >= 0; d--) {
                long index = rest % tensor.shape()[d];
                rest /= tensor.shape()[d];
                at += index * tensor.strides()[d];
                dead |= d == dim && !alive.contains(index);
            }
            for (int b = 0; dead && b < bytes; b++) {
                storage[(int) at * bytes + b] = 0;
            }
        }
    }

    private static Map<String, byte[]> entries(Path archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private static void write(Map<String, byte[]> entries, Path target) throws IOException {
        try (OutputStream file = Files.newOutputStream(target);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry stored = new ZipEntry(entry.getKey());
                CRC32 crc = new CRC32();
                crc.update(entry.getValue());
                stored.setMethod(ZipEntry.STORED);
                stored.setSize(entry.getValue().length);
                stored.setCrc(crc.getValue());
                zip.putNextEntry(stored);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
    }
}
