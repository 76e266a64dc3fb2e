package io.espalier.sidecar.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.runtime.InputShape;
import io.espalier.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SidecarSettingsTest {
    @TempDir
    private Path folder;

    private final Map<String, String> least = new HashMap<>();

    @BeforeEach
    void aModelFile() throws IOException {
        Path model = Files.writeString(folder.resolve("model.pt"), "only looked for, not read");
        least.put("espalier.kafka.bootstrap.servers", "broker:9092");
        least.put("espalier.model.path", model.toString());
        least.put("espalier.model.name", "resnet");
        least.put("espalier.model.input-shape", "1,3,224,224");
    }

    @Test
    void whatIsNotSetHasItsDefault() {
        SidecarSettings settings = SidecarSettings.of(least);
        assertThat(settings.model().name()).isEqualTo("resnet");
        assertThat(settings.model().version()).isEqualTo("1");
        assertThat(shapes(settings)).containsExactly("1,3,224,224");
        assertThat(settings.topics().activations()).isEqualTo("espalier.activations");
        assertThat(settings.http().host()).isEqualTo("0.0.0.0");
        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.http().maxBodyBytes()).isEqualTo(16 << 20);
        assertThat(settings.http().threads())
                .isEqualTo(4 + 2 * Runtime.getRuntime().availableProcessors());
        assertThat(settings.sampling().rate()).isEqualTo(0.1);
        assertThat(settings.sampling().queue()).isEqualTo(256);
        assertThat(settings.sampling().products()).isFalse();
        assertThat(settings.batch().samples()).isEqualTo(32);
        assertThat(settings.batch().linger()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.batch().maxLinger()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.control().enabled()).isTrue();
        assertThat(settings.control().maxAge()).isEqualTo(Duration.ofMinutes(15));
        assertThat(settings.inputs().enabled()).isFalse();
        assertThat(settings.inputs().perMinute()).isEqualTo(60);
        assertThat(settings.inputs().maxBytes()).isEqualTo(64 << 20);
        assertThat(settings.runtime().threads()).isEqualTo(1);
        assertThat(settings.shutdown()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.publisherId()).isNotBlank();
    }

    @Test
    void publishersOfOneHostAreTold() {
        assertThat(SidecarSettings.of(least).publisherId())
                .isNotEqualTo(SidecarSettings.of(least).publisherId());
    }

    @Test
    void yamlAndPropertiesMeanTheSame() throws IOException {
        Path yaml = Files.writeString(folder.resolve("sidecar.yaml"), """
                espalier:
                  kafka:
                    bootstrap.servers: broker:9092
                    ssl:
                      truststore.location: /trust
                  model:
                    path: %s
                    name: resnet
                    input-shape: [1, 3, 224, 224]
                  sampling.rate: 0.5
                  publisher:
                    id: one
                """.formatted(least.get("espalier.model.path")));
        Path properties = Files.writeString(
                folder.resolve("sidecar.properties"), """
                espalier.kafka.bootstrap.servers=broker:9092
                espalier.kafka.ssl.truststore.location=/trust
                espalier.model.path=%s
                espalier.model.name=resnet
                espalier.model.input-shape=1,3,224,224
                espalier.sampling.rate=0.5
                espalier.publisher.id=one
                """.formatted(least.get("espalier.model.path")));
        for (Path file : List.of(yaml, properties)) {
            SidecarSettings settings = SidecarSettings.read(file, Map.of());
            assertThat(settings.kafka().properties())
                    .isEqualTo(Map.of("bootstrap.servers", "broker:9092", "ssl.truststore.location", "/trust"));
            assertThat(settings.model().path()).isEqualTo(Path.of(least.get("espalier.model.path")));
            assertThat(settings.model().name()).isEqualTo("resnet");
            assertThat(shapes(settings)).containsExactly("1,3,224,224");
            assertThat(settings.sampling().rate()).isEqualTo(0.5);
            assertThat(settings.publisherId()).isEqualTo("one");
        }
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws IOException {
        StringBuilder file = new StringBuilder();
        least.forEach((key, value) -> file.append(key).append('=').append(value).append('\n'));
        Path properties = Files.writeString(folder.resolve("sidecar.properties"), file);
        SidecarSettings settings = SidecarSettings.read(
                properties,
                Map.of(
                        "ESPALIER_MODEL_INPUT_SHAPE", "1,1,28,28",
                        "ESPALIER_SAMPLING_RATE", "1",
                        "ESPALIER_KAFKA_BOOTSTRAP_SERVERS", "other:9092",
                        "ESPALIER_KAFKA_SASL_JAAS_CONFIG", "secret",
                        "ESPALIER_CACHE", "/not/a/setting/of/the/sidecar"));
        assertThat(shapes(settings)).containsExactly("1,1,28,28");
        assertThat(settings.sampling().rate()).isEqualTo(1);
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("other:9092");
        assertThat(settings.kafka().over(Map.of())).containsEntry("sasl.jaas.config", "secret");
    }

    @Test
    void secretsAreNotShown() {
        least.put("espalier.kafka.ssl.keystore.password", "hunter2");
        SidecarSettings settings = SidecarSettings.of(least);
        assertThat(settings.kafka().toString())
                .contains("ssl.keystore.password")
                .doesNotContain("hunter2");
        assertThat(settings.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    espalier.sampling.rate     | 1.5      | espalier.sampling.rate is '1.5': give a number from 0 to 1
                    espalier.sampling.rate     | NaN      | espalier.sampling.rate is 'NaN': give a number from 0 to 1
                    espalier.sampling.rate     | often    | espalier.sampling.rate is 'often': give a number
                    espalier.http.port         | 70000    | espalier.http.port is '70000': give a whole number from 0 to 65535
                    espalier.batch.linger      | 1 second | espalier.batch.linger is '1 second': give an ISO-8601 duration
                    espalier.batch.linger      | PT0S     | espalier.batch.linger is 'PT0S': give an ISO-8601 duration
                    espalier.batch.max-linger  | PT0.5S   | espalier.batch.max-linger is 'PT0.5S': give no less than espalier.batch.linger, PT1S
                    espalier.batch.max-linger  | PT1H     | espalier.batch.max-linger is 'PT1H': give an ISO-8601 duration from PT0.001S to PT10M
                    espalier.control.max-age   | PT6M     | espalier.control.max-age is 'PT6M': give PT10M or more: a directive that still holds is renewed every PT5M
                    espalier.inputs.enabled    | yes      | espalier.inputs.enabled is 'yes': give true or false
                    espalier.inputs.max-bytes  | 0        | espalier.inputs.max-bytes is '0': give a whole number from 1024
                    espalier.model.input-shape | 2,3,8,8  | espalier.model.input-shape is '2,3,8,8': give sizes above zero, the first of each input 1
                    espalier.model.input-shape | 1,3,    | espalier.model.input-shape is '1,3,': give sizes above zero
                    espalier.model.input-shape | 1,x      | espalier.model.input-shape is '1,x': give sizes above zero
                    espalier.model.input-shape | 1,3:i65  | espalier.model.input-shape is '1,3:i65': give sizes above zero
                    espalier.model.name        | a b      | espalier.model.name 'a b' is no name
                    espalier.model.path        | /no.pt   | espalier.model.path is '/no.pt': give the TorchScript archive to serve; there is no such file
                    espalier.smapling.rate     | 0.1      | unknown setting espalier.smapling.rate: there are espalier.batch.linger
                    """)
    void wrongValuesGiveOneLineWithKeyValueAndMend(String key, String value, String message) {
        least.put(key, value);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SidecarSettings.of(least))
                .withMessageStartingWith(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "espalier.kafka.bootstrap.servers, ESPALIER_KAFKA_BOOTSTRAP_SERVERS",
        "espalier.model.path, ESPALIER_MODEL_PATH",
        "espalier.model.name, ESPALIER_MODEL_NAME"
    })
    void whatIsMissingIsNamedWithItsVariable(String key, String variable) {
        least.remove(key);
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SidecarSettings.of(least))
                .withMessageContainingAll(key + " is not set", variable);
    }

    @Test
    void inputShapesMayBeLeftToTheArchiveAndMayHaveTypes() {
        least.remove("espalier.model.input-shape");
        assertThat(SidecarSettings.of(least).model().inputShapes()).isEmpty();
        least.put("espalier.model.input-shape", "1,128:int64; 1,3,8,8");
        assertThat(shapes(SidecarSettings.of(least))).containsExactly("1,128:int64", "1,3,8,8");
    }

    private static List<String> shapes(SidecarSettings settings) {
        return settings.model().inputShapes().orElseThrow().inputs().stream()
                .map(InputShape::toString)
                .toList();
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws IOException {
        Path missing = folder.resolve("missing.yaml");
        Path broken = Files.writeString(folder.resolve("broken.yaml"), "a: [1\nb: }");
        Path other = Files.writeString(folder.resolve("settings.toml"), "");
        for (Path file : List.of(missing, broken, other, folder.resolve("missing.properties"))) {
            assertThatExceptionOfType(SettingsException.class)
                    .isThrownBy(() -> SidecarSettings.read(file, Map.of()))
                    .withMessageContaining(file.toString())
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        }
    }
}
