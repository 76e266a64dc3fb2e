package io.espalier.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A weight that a disk or a transfer changed: never may it get a checksum that hides it. */
class DamagedArchiveTest {
    @TempDir
    Path folder;

    private ModelArchive damaged;
    private ModelAnalysis analysis;

    @BeforeEach
    void damage() throws IOException {
        Path path = folder.resolve("damaged.pt");
        byte[] whole = Files.readAllBytes(Fixtures.path("residual.pt"));
        byte[] weights;
        try (ZipFile zip = new ZipFile(Fixtures.path("residual.pt").toFile())) {
            weights = zip.getInputStream(zip.getEntry("residual/data/0")).readAllBytes();
        }
        whole[indexOf(whole, weights) + 5] ^= 1;
        Files.write(path, whole);
        damaged = ModelArchive.open(path);
        analysis = damaged.analyse(Fixtures.shapes("residual"));
    }

    private static int indexOf(byte[] whole, byte[] part) {
        int at = 0;
        while (!java.util.Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
            at++;
        }
        return at;
    }

    @Test
    void isNotPruned() {
        Path target = folder.resolve("pruned.pt");
        assertThatThrownBy(() -> new Surgeon(damaged, analysis).writePruned(Fixtures.halfOfAll(analysis), target))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("residual/data/0: its checksum does not hold, the file is damaged");
        assertThat(target).doesNotExist();
        assertThat(folder).isDirectoryNotContaining(file -> file.toString().endsWith(".part"));
    }

    @Test
    void staysVisiblyDamagedWhereItIsCopied() throws IOException {
        Path target = folder.resolve("sampled.pt");
        new Surgeon(damaged, analysis).writeSampled(target);
        assertThatThrownBy(() -> {
                    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(target))) {
                        while (in.getNextEntry() != null) {
                            in.readAllBytes();
                        }
                    }
                })
                .isInstanceOf(ZipException.class)
                .hasMessageContaining("invalid entry CRC");
    }
}
