package io.espalier.surgery.torchscript.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipWriterTest {
    @TempDir
    Path folder;

    @Test
    void anotherReaderReadsWhatIsWrittenAndContentIsAligned() throws IOException {
        Path file = folder.resolve("a.zip");
        Random random = new Random(1);
        byte[][] contents = new byte[40][];
        try (ZipWriter writer = new ZipWriter(file)) {
            for (int i = 0; i < contents.length; i++) {
                contents[i] = new byte[random.nextInt(300)];
                random.nextBytes(contents[i]);
                writer.add("top/" + "n".repeat(i + 1), ByteBuffer.wrap(contents[i]));
            }
            writer.finish();
        }
        byte[] whole = Files.readAllBytes(file);
        ZipReader reader = ZipReader.open(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (int i = 0; i < contents.length; i++) {
                String name = "top/" + "n".repeat(i + 1);
                assertThat(zip.getInputStream(zip.getEntry(name)).readAllBytes())
                        .isEqualTo(contents[i]);
                ZipEntry entry = reader.entries().get(name);
                byte[] read = new byte[(int) entry.size()];
                reader.content(entry).get(read);
                assertThat(read).isEqualTo(contents[i]);
                int header = (int) entry.headerOffset();
                int extra =
                        ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getShort(header + 28);
                assertThat((header + 30 + name.length() + extra) % 64).as(name).isZero();
            }
        }
    }

    /** A limit of 300 bytes stands for the 4 GiB that need zip64; the JDK's reader shows that the fields are right. */
    @Test
    void anotherReaderReadsZip64Fields() throws IOException {
        Path file = folder.resolve("wide.zip");
        byte[] large = new byte[1000];
        new Random(2).nextBytes(large);
        try (ZipWriter writer = new ZipWriter(file, 300)) {
            writer.add("top/small", ByteBuffer.wrap(large, 0, 20));
            writer.add("top/large", ByteBuffer.wrap(large));
            writer.add("top/far", ByteBuffer.wrap(large, 0, 30));
            writer.finish();
        }
        ZipReader reader = ZipReader.open(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (String name : List.of("top/small", "top/large", "top/far")) {
                byte[] read = zip.getInputStream(zip.getEntry(name)).readAllBytes();
                assertThat(large).startsWith(read);
                assertThat(reader.content(reader.entries().get(name))).isEqualTo(ByteBuffer.wrap(read));
            }
            assertThat(zip.getEntry("top/large").getSize()).isEqualTo(1000);
        }
    }

    @Test
    void writesContentThatComesInPiecesAsIfItCameAtOnce() throws IOException {
        byte[] content = new byte[1000];
        new Random(3).nextBytes(content);
        Path whole = folder.resolve("whole.zip");
        Path pieces = folder.resolve("pieces.zip");
        Path copied = folder.resolve("copied.zip");
        try (ZipWriter writer = new ZipWriter(whole)) {
            writer.add("top/a", ByteBuffer.wrap(content));
            writer.finish();
        }
        try (ZipWriter writer = new ZipWriter(pieces)) {
            writer.add("top/a", 1000, sink -> {
                for (int at = 0; at < 1000; at += 8) {
                    sink.accept(ByteBuffer.wrap(content, at, 8));
                }
            });
            writer.finish();
        }
        ZipReader reader = ZipReader.open(whole);
        ZipEntry entry = reader.entries().get("top/a");
        try (ZipWriter writer = new ZipWriter(copied);
                StoredBytes stored = reader.stored(entry)) {
            writer.copy(entry, stored);
            writer.finish();
        }
        assertThat(pieces).hasSameBinaryContentAs(whole);
        assertThat(copied).hasSameBinaryContentAs(whole);
    }

    @Test
    void refusesContentOfAnotherSizeThanAnnounced() throws IOException {
        try (ZipWriter writer = new ZipWriter(folder.resolve("short.zip"))) {
            assertThatThrownBy(() -> writer.add("top/a", 9, sink -> sink.accept(ByteBuffer.allocate(8))))
                    .hasMessage("top/a: 8 bytes came where 9 were announced");
        }
    }
}
