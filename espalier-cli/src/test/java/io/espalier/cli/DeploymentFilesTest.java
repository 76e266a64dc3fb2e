package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files under docker/ name other files, hosts and ports: what they name must be there. No image is built here. */
final class DeploymentFilesTest {
    private static final Path ROOT =
            DashboardExpressions.committedRules().getParent().getParent().getParent();
    private static final Path DOCKER = ROOT.resolve("docker");
    private static final Pattern DEFAULT = Pattern.compile("\\$\\{\\w+:-([^}]*)}");
    private static final Pattern COPY = Pattern.compile("(?m)^COPY (?!--from)(\\S+) ");

    private final JsonNode services = yaml(DOCKER.resolve("compose.yaml")).path("services");

    @Test
    void everyFileThatIsMountedIsThere() {
        List<String> mounted = new ArrayList<>();
        for (JsonNode service : services) {
            for (JsonNode volume : service.path("volumes")) {
                mounted.add(DEFAULT.matcher(volume.asText()).replaceAll("$1").replaceFirst(":/.*", ""));
            }
        }
        mounted.removeIf(source -> !source.startsWith("."));

        assertThat(mounted).hasSizeGreaterThan(5).allMatch(source -> Files.exists(DOCKER.resolve(source)));
    }

    @Test
    void everyFileThatAnImageTakesIsThere() throws IOException {
        for (String service : List.of("streams", "sidecar")) {
            String image = dockerfile(service);
            List<String> copied =
                    COPY.matcher(image).results().map(found -> found.group(1)).toList();

            assertThat(copied).hasSize(3).allMatch(source -> Files.exists(ROOT.resolve(source)));
        }
    }

    @Test
    void whoeverIsWaitedForHasAHealthCheck() throws IOException {
        for (JsonNode service : services) {
            service.path("depends_on")
                    .fieldNames()
                    .forEachRemaining(
                            name -> assertThat(services.has(name)).as(name).isTrue());
        }
        for (String name : List.of("kafka", "prometheus")) {
            assertThat(services.path(name).has("healthcheck")).as(name).isTrue();
        }
        for (String name : List.of("streams", "sidecar")) {
            assertThat(dockerfile(name)).contains("\nHEALTHCHECK ").contains("\nUSER espalier\n");
        }
    }

    @Test
    void prometheusScrapesThePortsThatTheServicesExpose() throws IOException {
        JsonNode jobs =
                yaml(ROOT.resolve("dashboards/prometheus/prometheus.yaml")).path("scrape_configs");

        assertThat(jobs.findValuesAsText("job_name")).containsExactlyInAnyOrder("espalier-streams", "espalier-sidecar");
        for (JsonNode job : jobs) {
            String[] target = job.at("/static_configs/0/targets/0").asText().split(":", 2);
            assertThat(job.path("job_name").asText()).isEqualTo("espalier-" + target[0]);
            assertThat(dockerfile(target[0])).contains("\nEXPOSE " + target[1] + "\n");
            assertThat(Files.readString(DOCKER.resolve(target[0] + ".properties")))
                    .contains("espalier.http.port=" + target[1] + "\n");
        }
    }

    private String dockerfile(String service) throws IOException {
        Path file = ROOT.resolve(services.path(service).at("/build/dockerfile").asText());
        return Files.readString(file);
    }

    private static JsonNode yaml(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            return new ObjectMapper().valueToTree(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
