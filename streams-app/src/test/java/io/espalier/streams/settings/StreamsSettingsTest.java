package io.espalier.streams.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.protocol.record.Criterion;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.RecoveryStep;
import io.espalier.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StreamsSettingsTest {
    @TempDir
    private Path directory;

    @Test
    void onlyTheBrokerMustBeGiven() {
        StreamsSettings configuration = StreamsSettings.of(settings());
        assertThat(configuration.window().pane()).isEqualTo(Duration.ofMinutes(1));
        assertThat(configuration.window().panes()).isEqualTo(60);
        assertThat(configuration.processingGuarantee()).isEqualTo("exactly_once_v2");
        assertThat(configuration.http().port()).isEqualTo(8081);
        assertThat(ConfiguredPolicies.of(configuration).of("m"))
                .isEqualTo(Policy.of(new Policy.Target(Policy.Metric.MACS, 0.5), Criterion.parse("expressiveness")));
    }

    @Test
    void recoveryIsAskedForByItsSteps() throws IOException {
        assertThat(ConfiguredPolicies.of(StreamsSettings.of(settings())).of("m").recovery())
                .isEmpty();
        Path yaml = Files.writeString(
                directory.resolve("recovery.yaml"),
                "espalier:\n  kafka:\n    bootstrap.servers: b:1\n  policy:\n    recovery: [distil, ridge]\n");
        Map<String, String> settings = settings();
        settings.put("espalier.policy.recovery", "distil,ridge");
        for (StreamsSettings configuration :
                List.of(StreamsSettings.of(settings), StreamsSettings.read(yaml, Map.of()))) {
            assertThat(ConfiguredPolicies.of(configuration).of("m").recovery())
                    .containsExactly(RecoveryStep.RIDGE, RecoveryStep.DISTIL);
        }
    }

    @Test
    void aProcessThatOnlyCompressesTakesTheSameFileWithOtherDefaults() throws IOException {
        Path file = Files.writeString(
                directory.resolve("streams.properties"),
                "espalier.kafka.bootstrap.servers=b:1\nespalier.window.panes=7\nespalier.application.id=mine\n");
        StreamsSettings service = StreamsSettings.read(file, Map.of());
        StreamsSettings compressor = StreamsSettings.readForCompressor(file, Map.of());
        assertThat(service.http().port()).isEqualTo(8081);
        assertThat(service.compressor().threads()).isEqualTo(1);
        assertThat(compressor.http().port()).isEqualTo(8082);
        assertThat(compressor.compressor().threads()).isZero();
        assertThat(compressor.applicationId()).isEqualTo("mine");
        assertThat(compressor.compressor().lock())
                .isEqualTo(service.compressor().lock());
    }

    @Test
    void aMissingBrokerIsNamedWithItsMend() {
        assertThatThrownBy(() -> StreamsSettings.of(Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "espalier.kafka.bootstrap.servers is not set: give host:port of a broker, in the file or as environment"
                                + " variable ESPALIER_KAFKA_BOOTSTRAP_SERVERS");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "espalier.window.panes | six | six",
                "espalier.window.panes | 0 | 1 to 100000",
                "espalier.window.pane | 1min | 1min",
                "espalier.window.pane | PT0S | PT0.001S",
                "espalier.policy.target | latency=0.5 | macs=SHARE or params=SHARE: a service measures no times",
                "espalier.policy.target | watts=0.5 | macs=SHARE",
                "espalier.policy.target | macs | macs=SHARE",
                "espalier.policy.criterion | magic | hybrid:LAMBDA",
                "espalier.policy.ranking | local | search",
                "espalier.policy.min-samples | 1 | 2 or more",
                "espalier.processing.guarantee | at_most_once | exactly_once_v2",
                "espalier.group.protocol | share | streams",
                "espalier.standby-replicas | -1 | 0 to",
                "espalier.http.port | 70000 | 0 to 65535",
                "espalier.application.server | 10.0.0.7 | host:port",
                "espalier.application.server | http://10.0.0.7:8081 | host:port",
                "espalier.application.server | host:65536 | host:port",
                "espalier.application.server | fd00::7:8081 | host:port",
                "espalier.topics.replication | 0 | 1 to 32767",
                "espalier.topics.max-message-bytes | 10 | 65536 to",
                "espalier.compressor.random-inputs | 0 | 1 to",
                "espalier.compressor.threads | -1 | 0 to",
                "espalier.compressor.recovery.min-inputs | 7 | 8 to",
                "espalier.compressor.recovery.max-inputs | 255 | 256 to",
                "espalier.compressor.recovery.wait | -PT1S | PT0S to",
                "espalier.compressor.recovery.time-limit | PT25H | to PT24H",
                "espalier.policy.recovery | ridge,magic | give one of",
                "espalier.window.pnae | PT1M | unknown setting",
            })
    void aWrongSettingIsOneLineThatNamesKeyAndMend(String key, String value, String said) {
        Map<String, String> settings = settings();
        settings.put(key, value);
        assertThatThrownBy(() -> StreamsSettings.of(settings))
                .isInstanceOf(SettingsException.class)
                .message()
                .satisfies(message -> {
                    assertThat(message).contains(said).doesNotContain("\n").doesNotContain("SRCFG");
                    if (!key.contains("min-samples")) {
                        assertThat(message).contains(key);
                    }
                });
    }

    @Test
    void kafkasOwnPropertiesArePassedThrough() {
        Map<String, String> settings = settings();
        settings.put("espalier.kafka.security.protocol", "SSL");
        assertThat(StreamsSettings.of(settings).kafka().properties())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("bootstrap.servers", "broker:9092");
    }

    @Test
    void propertiesAndYamlSayTheSame() throws IOException {
        Path properties = Files.writeString(
                directory.resolve("a.properties"),
                "espalier.kafka.bootstrap.servers=b:1\nespalier.policy.target=params=0.4\n");
        Path yaml = Files.writeString(
                directory.resolve("a.yaml"),
                "espalier:\n  kafka:\n    bootstrap.servers: b:1\n  policy:\n    target: params=0.4\n");
        for (Path file : new Path[] {properties, yaml}) {
            StreamsSettings configuration = StreamsSettings.read(file, Map.of());
            assertThat(configuration.kafka().properties()).containsEntry("bootstrap.servers", "b:1");
            assertThat(configuration.policy().target()).isEqualTo(new Policy.Target(Policy.Metric.PARAMS, 0.4));
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> StreamsSettings.read(directory.resolve("none.properties"), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("none.properties");
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("espalier.kafka.bootstrap.servers", "broker:9092");
        return settings;
    }
}
