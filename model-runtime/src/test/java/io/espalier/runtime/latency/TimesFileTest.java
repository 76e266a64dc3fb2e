package io.espalier.runtime.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimesFileTest {
    private static final LayerShape SHAPE = LayerShape.linear(1, true);

    @TempDir
    private Path folder;

    private int measured;

    private TimesFile open(String machine, boolean settled) {
        return new TimesFile(folder.resolve("times"), machine, (shape, rows, columns) -> {
            measured++;
            return new RepeatedTiming.Times(rows + columns / 1000.0, 9, settled);
        });
    }

    @Test
    void remembersFromOneRunToTheNext() throws IOException {
        TimesFile first = open("quick", true);
        assertThat(first.time(SHAPE, 3, 4).least()).isEqualTo(3.004);
        first.save();
        assertThat(open("quick", true).time(SHAPE, 3, 4).least()).isEqualTo(3.004);
        assertThat(measured).isEqualTo(1);
        open("quick", true).time(SHAPE, 4, 3);
        open("slow", true).time(SHAPE, 3, 4);
        open("quick", true).time(LayerShape.linear(2, true), 3, 4);
        open("quick", true).time(LayerShape.linear(1, false), 3, 4);
        assertThat(measured).isEqualTo(5);
    }

    @Test
    void measuresAgainWhatDidNotSettle() throws IOException {
        TimesFile first = open("busy", false);
        first.time(SHAPE, 3, 4);
        first.save();
        open("busy", true).time(SHAPE, 3, 4);
        assertThat(measured).isEqualTo(2);
    }

    @Test
    void measuresAnewWhatCannotBeRead() throws IOException {
        open("quick", true).save();
        for (Path file : files()) {
            Files.writeString(file, "{\"linear");
        }
        TimesFile broken = open("quick", true);
        broken.time(SHAPE, 3, 4);
        broken.save();
        open("quick", true).time(SHAPE, 3, 4);
        assertThat(measured).isEqualTo(1);
        assertThat(files()).hasSize(1);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("times"))) {
            return files.toList();
        }
    }
}
