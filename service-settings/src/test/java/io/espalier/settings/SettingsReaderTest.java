package io.espalier.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsReaderTest {
    private final SettingsReader<ExampleSettings> reader = ExampleSettings.reader();
    private final Map<String, String> least = new HashMap<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void whatMustBeGiven() {
        least.put("espalier.kafka.bootstrap.servers", "broker:9092");
        least.put("espalier.model.path", "/model.pt");
    }

    @Test
    void whatIsNotSetHasItsDefaultOrTheMachines() {
        ExampleSettings settings = reader.of(least);
        assertThat(settings.model()).isEqualTo(Path.of("/model.pt"));
        assertThat(settings.sampling().rate()).isEqualTo(0.1);
        assertThat(settings.sampling().inputsToo()).isFalse();
        assertThat(settings.sampling().seed()).isEqualTo(7);
        assertThat(settings.sampling().replication()).isEqualTo((short) -1);
        assertThat(settings.pane()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.ranking()).isEqualTo(ExampleSettings.Ranking.UNIFORM);
        assertThat(settings.publisherId()).isEqualTo("one");
    }

    @Test
    void theEnvironmentAloneIsEnough() {
        ExampleSettings settings = reader.read(
                null,
                Map.of(
                        "ESPALIER_KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
                        "ESPALIER_MODEL_PATH", "/model.pt",
                        "ESPALIER_SAMPLING_INPUTS_TOO", "true",
                        "ESPALIER_PUBLISHER_ID", "two"));
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(settings.model()).isEqualTo(Path.of("/model.pt"));
        assertThat(settings.sampling().inputsToo()).isTrue();
        assertThat(settings.publisherId()).isEqualTo("two");
    }

    @Test
    void theEnvironmentWinsOverTheFileAndABlankVariableDoesNot() throws IOException {
        ExampleSettings settings = reader.read(
                file("a.properties", """
                        espalier.kafka.bootstrap.servers=broker:9092
                        espalier.kafka.acks=1
                        espalier.model.path=/model.pt
                        espalier.sampling.rate=0.5
                        espalier.threads=2
                        """),
                Map.of(
                        "ESPALIER_SAMPLING_RATE", "1",
                        "ESPALIER_THREADS", " ",
                        "ESPALIER_KAFKA_ACKS", "all",
                        "ESPALIER_KAFKA_SASL_JAAS_CONFIG", "secret",
                        "ESPALIER_JAVA_OPTIONS", "-Xmx1g"));
        assertThat(settings.sampling().rate()).isEqualTo(1);
        assertThat(settings.threads()).isEqualTo(2);
        assertThat(settings.kafka().properties())
                .isEqualTo(Map.of("bootstrap.servers", "broker:9092", "acks", "all", "sasl.jaas.config", "secret"));
    }

    @Test
    void optionsOfTheJvmAreNoSettings() {
        System.setProperty("espalier.threads", "3");
        try {
            assertThat(reader.of(least).threads()).isEqualTo(1);
        } finally {
            System.clearProperty("espalier.threads");
        }
    }

    @Test
    void dottedAndNestedYamlAndPropertiesMeanTheSame() throws IOException {
        Path nested = file("nested.yaml", """
                espalier:
                  kafka:
                    bootstrap:
                      servers: broker:9092
                    ssl:
                      truststore.location: /trust
                  model:
                    path: /model.pt
                  sampling:
                    rate: 0.5
                    inputs-too: true
                """);
        Path dotted = file("dotted.yml", """
                espalier.kafka.bootstrap.servers: broker:9092
                espalier.kafka.ssl:
                  truststore.location: /trust
                espalier:
                  model.path: /model.pt
                  sampling.rate: 0.5
                  sampling.inputs-too: true
                """);
        Path properties = file("a.properties", """
                espalier.kafka.bootstrap.servers=broker:9092
                espalier.kafka.ssl.truststore.location = /trust
                espalier.model.path=/model.pt
                espalier.sampling.rate=0.5\s
                espalier.sampling.inputs-too = true
                """);
        for (Path file : new Path[] {nested, dotted, properties}) {
            ExampleSettings settings = reader.read(file, Map.of());
            assertThat(settings.kafka().properties())
                    .as(file.toString())
                    .isEqualTo(Map.of("bootstrap.servers", "broker:9092", "ssl.truststore.location", "/trust"));
            assertThat(settings.model()).isEqualTo(Path.of("/model.pt"));
            assertThat(settings.sampling().rate()).isEqualTo(0.5);
            assertThat(settings.sampling().inputsToo()).isTrue();
        }
    }

    @Test
    void kafkasPropertiesArriveAsTheyWereWrittenAndShowTheirNamesOnly() {
        least.put("espalier.kafka.ssl.endpoint.identification.algorithm", "");
        least.put("espalier.kafka.ssl.keystore.password", "${hunter2}, \\ ");
        KafkaProperties kafka = reader.of(least).kafka();
        assertThat(kafka.over(Map.of("acks", "all")))
                .containsEntry("ssl.endpoint.identification.algorithm", "")
                .containsEntry("ssl.keystore.password", "${hunter2}, \\ ")
                .containsEntry("acks", "all");
        assertThat(kafka.toString()).contains("ssl.keystore.password").doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            espalier.threads             | six      | espalier.threads is 'six': give a whole number
            espalier.threads             | 99999999999 | espalier.threads is '99999999999': give a whole number
            espalier.threads             | 5        | espalier.threads is '5': give a whole number from 1 to 4
            espalier.sampling.rate       | often    | espalier.sampling.rate is 'often': give a number
            espalier.sampling.rate       | NaN      | espalier.sampling.rate is 'NaN': give a number from 0 to 1
            espalier.sampling.inputs-too | yes      | espalier.sampling.inputs-too is 'yes': give true or false
            espalier.sampling.seed       | 1.5      | espalier.sampling.seed is '1.5': give a whole number
            espalier.sampling.replication| 40000    | espalier.sampling.replication is '40000': give a whole number
            espalier.window.pane         | 1 minute | espalier.window.pane is '1 minute': give an ISO-8601 duration, PT1S for a second
            espalier.window.pane         | PT0S     | espalier.window.pane is 'PT0S': give an ISO-8601 duration from PT0.001S to PT24H
            espalier.window.pane         | PT25H    | espalier.window.pane is 'PT25H': give an ISO-8601 duration from PT0.001S to PT24H
            espalier.ranking             | local    | espalier.ranking is 'local': give one of uniform,global
            espalier.smapling.rate       | 0.1      | unknown setting espalier.smapling.rate: there are espalier.model.path,
            sampling.rate                | 0.1      | unknown setting sampling.rate: there are espalier.model.path,
            """)
    void aWrongSettingIsOneLineWithKeyValueAndMend(String key, String value, String said) {
        least.put(key, value);
        assertRefused(() -> reader.of(least), said);
    }

    @Test
    void whatIsMissingIsNamedWithItsVariable() {
        assertRefused(
                () -> reader.of(Map.of("espalier.kafka.bootstrap.servers", "b:1")),
                "espalier.model.path is not set: give it in the file or as environment variable ESPALIER_MODEL_PATH");
        assertRefused(
                () -> reader.read(null, Map.of("ESPALIER_KAFKA_BOOTSTRAP_SERVERS", " ")),
                "espalier.kafka.bootstrap.servers is not set: give host:port of a broker, in the file or as environment"
                        + " variable ESPALIER_KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void ofSeveralProblemsOneIsToldAndTheOthersAreCounted() {
        least.put("espalier.threads", "six");
        least.put("espalier.sampling.rate", "often");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> reader.of(least))
                .withMessageEndingWith(" (and 1 more)");
    }

    @Test
    void filesThatCannotBeReadAreNamedInOneLine() throws IOException {
        Files.write(folder.resolve("latin.properties"), new byte[] {'a', '=', (byte) 0xe9});
        for (Path file : new Path[] {
            folder.resolve("missing.yaml"),
            folder.resolve("missing.properties"),
            folder.resolve("latin.properties"),
            Files.createDirectory(folder.resolve("folder.yaml")),
            file("broken.yaml", "a: [1\nb: }"),
            file("list.yaml", "- a\n- b\n"),
            file("word.yaml", "word"),
            file("broken.properties", "a=\\u00zz"),
            file("settings.toml", "")
        }) {
            assertRefused(() -> reader.read(file, Map.of()), "settings file " + file + " ");
        }
    }

    @Test
    void anEmptyFileIsAsGoodAsNone() throws IOException {
        Map<String, String> environment =
                Map.of("ESPALIER_KAFKA_BOOTSTRAP_SERVERS", "broker:9092", "ESPALIER_MODEL_PATH", "/model.pt");
        for (String name : new String[] {"empty.yaml", "empty.properties"}) {
            assertThat(reader.read(file(name, "\n# nothing\n"), environment).model())
                    .isEqualTo(Path.of("/model.pt"));
        }
    }

    @Test
    void aKeyThatYamlSetsTwiceIsRefused() throws IOException {
        Path file = file("twice.yaml", "espalier:\n  threads: 1\nespalier.threads: 2\n");
        assertRefused(
                () -> reader.read(file, Map.of()),
                "settings file " + file + " sets espalier.threads twice, dotted and nested: remove one");
    }

    private static void assertRefused(ThrowingCallable reading, String said) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(reading)
                .withMessageStartingWith(said)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("SRCFG"));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
