package io.espalier.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.protocol.record.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResultsFileTest {
    @TempDir
    Path folder;

    @Test
    void runsAreReadAsTheyWereWritten() throws IOException {
        Comparison comparison = Runs.comparison();
        ResultsFile.open(folder, Runs.SETUP).write(comparison);
        assertThat(ResultsFile.open(folder, Runs.SETUP).runs()).isEqualTo(Runs.byKey(comparison.runs()));
        assertThat(folder).isDirectoryContaining("glob:**/compare.json");
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void namesAreThoseOfTheCommandLine() throws IOException {
        ResultsFile.open(folder, Runs.SETUP).write(Runs.comparison());
        JsonNode written =
                new ObjectMapper().readTree(folder.resolve("compare.json").toFile());
        assertThat(written.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("setup", "original", "measure", "medians", "curves", "left_out", "runs");
        assertThat(written.at("/measure").asText()).isEqualTo("accuracy");
        assertThat(written.at("/setup/metric").asText()).isEqualTo("macs");
        assertThat(written.at("/runs/1/recipe").asText()).isEqualTo("ridge,norm");
        assertThat(written.at("/runs/1/steps/0/step").asText()).isEqualTo("ridge");
        assertThat(written.at("/runs/2/criterion").asText()).isEqualTo("random");
        assertThat(written.at("/left_out/0/criterion").asText()).isEqualTo("bn_scale");
        assertThat(written.at("/medians/1/seconds/norm").asDouble()).isEqualTo(12);
    }

    @Test
    void aFolderThatIsNotThereIsMade() throws IOException {
        Path inner = folder.resolve("a/b");
        assertThat(ResultsFile.open(inner, Runs.SETUP).runs()).isEmpty();
        assertThat(inner).isDirectory();
    }

    @Test
    void resultsOfAnotherSetupAreLeftAlone() throws IOException {
        ResultsFile.open(folder, Runs.SETUP).write(Runs.comparison());
        byte[] before = Files.readAllBytes(folder.resolve("compare.json"));
        Setup other = new Setup("m.pt", "another", "b", null, Policy.Metric.PARAMS, Policy.Ranking.GLOBAL, 64, 500);
        assertThatThrownBy(() -> ResultsFile.open(folder, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "compare.json holds results with another model, another --test, another --metric, "
                                + "another --ranking, another --samples: give another folder");
        assertThat(folder.resolve("compare.json")).hasBinaryContent(before);
    }

    @Test
    void aModelMayBeRenamed() throws IOException {
        ResultsFile.open(folder, Runs.SETUP).write(Runs.comparison());
        Setup renamed = new Setup("n.pt", "a", "b", "c", Policy.Metric.MACS, Policy.Ranking.UNIFORM, 512, 500);
        assertThat(ResultsFile.open(folder, renamed).runs()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "null",
                "{\"setup\": {}, \"runs\": []}",
                "{\"runs\": [{\"criterion\": \"magic\"}]}"
            })
    void refusesAFileOfSomebodyElse(String content) throws IOException {
        Files.writeString(folder.resolve("compare.json"), content);
        assertThatThrownBy(() -> ResultsFile.open(folder, Runs.SETUP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("compare.json is not what compare writes");
    }
}
