package io.espalier.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagesFileTest {
    private static final Map<String, List<Integer>> CUT = Map.of("a", List.of(1, 2), "b", List.of(0));
    private static final Map<String, List<Integer>> OTHER = Map.of("a", List.of(1));

    @TempDir
    Path folder;

    @Test
    void remembersForTheSameModelAndInputsOnly() throws IOException {
        file("model", 1).add(List.of(CUT, OTHER), List.of(0.25, 1e-9));
        assertThat(file("model", 1).get(CUT)).contains(0.25);
        assertThat(file("model", 1).get(OTHER)).contains(1e-9);
        assertThat(file("model", 1).get(Map.of("a", List.of(2)))).isEmpty();
        assertThat(file("another", 1).get(CUT)).isEmpty();
        assertThat(file("model", 2).get(CUT)).isEmpty();
    }

    @Test
    void measuresAnewWhatCannotBeRead() throws IOException {
        file("model", 1).add(List.of(CUT), List.of(0.25));
        try (Stream<Path> files = Files.list(folder)) {
            Files.writeString(files.findFirst().orElseThrow(), "{\"a\": [");
        }
        assertThat(file("model", 1).get(CUT)).isEmpty();
    }

    private DamagesFile file(String model, float input) {
        return new DamagesFile(folder, model, List.of(List.of(Tensor.ofFloats(new long[] {1}, input))));
    }
}
