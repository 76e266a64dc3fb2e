package io.espalier.surgery.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
