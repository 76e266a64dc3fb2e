package io.espalier.surgery.torchscript.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.surgery.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lies of zip64 fields, which may claim anything up to 2^64, and files that change under the reader. */
class ZipReaderTest {
    private static final int END_SIZE = 22;
    private static final int LOCATOR_SIZE = 20;
    private static final int END_64_SIZE = 56;

    @TempDir
    Path folder;

    private Path file;
    private byte[] wide;

    @BeforeEach
    void writeWide() throws IOException {
        file = folder.resolve("wide.zip");
        try (ZipWriter writer = new ZipWriter(file, 100)) {
            writer.add("top/first", ByteBuffer.allocate(400));
            writer.add("top/second", ByteBuffer.allocate(500));
            writer.finish();
        }
        wide = Files.readAllBytes(file);
    }

    private void refuses(int place, long value, String message) throws IOException {
        byte[] lying = wide.clone();
        ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putLong(place, value);
        Files.write(file, lying);
        assertThatThrownBy(() -> ZipReader.open(file).entries().values().forEach(ZipReader.open(file)::verify))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageMatching(message);
    }

    @Test
    void refusesWhatTheWideDirectoryCannotMean() throws IOException {
        int end = wide.length - END_SIZE;
        int end64 = end - LOCATOR_SIZE - END_64_SIZE;
        String pastEnd = ".*its zip directory points past its end";
        for (long lie : List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE, (long) wide.length)) {
            refuses(end - LOCATOR_SIZE + 8, lie, pastEnd);
            refuses(end64 + 32, lie, ".*claims .* entries, .*|.*damaged zip directory");
            refuses(end64 + 40, lie, ".*zip directory of .* bytes for 2 entries|" + pastEnd);
            refuses(end64 + 48, lie, pastEnd);
        }
        refuses(end - LOCATOR_SIZE + 8, 0, ".*has a damaged zip64 directory");
    }

    @Test
    void refusesAWideSizeOrPlaceThatCannotBe() throws IOException {
        int directory = (int) ByteBuffer.wrap(wide)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong(wide.length - END_SIZE - LOCATOR_SIZE - END_64_SIZE + 48);
        int firstExtra = directory + 46 + "top/first".length() + 4;
        int secondExtra = firstExtra + 16 + 46 + "top/second".length() + 4;
        for (long lie : List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE, 401L)) {
            refuses(firstExtra, lie, ".*impossible size, top/first");
            refuses(firstExtra + 8, lie, ".*impossible size, top/first");
            refuses(secondExtra + 16, lie, ".*overlap.*|.*no entry where the zip directory says.*");
        }
    }

    @Test
    void refusesAFileThatChangedAfterItWasOpened() throws IOException {
        ZipReader reader = ZipReader.open(file);
        ZipEntry entry = reader.entries().get("top/first");
        assertThat(reader.content(entry).remaining()).isEqualTo(400);
        Files.write(file, new byte[] {1, 2, 3});
        assertThatThrownBy(() -> reader.content(entry))
                .hasMessageEndingWith("changed after it was opened; open it again");
    }
}
