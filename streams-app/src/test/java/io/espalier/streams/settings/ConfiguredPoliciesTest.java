package io.espalier.streams.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfiguredPoliciesTest {
    @TempDir
    private Path folder;

    @Test
    void aModelOfTheFileHasItsOwnPolicyAndAllOthersTheConfiguredOne() throws Exception {
        ConfiguredPolicies policies = policies("""
                resnet:
                  target: {metric: macs, keep: 0.25}
                  criterion: l2
                  dry_run: false
                  cool_down_ms: 60000
                vit: {"target": {"metric": "params", "keep": 0.5}, "criterion": "l1"}
                """);
        assertThat(policies.of("resnet").target()).hasToString("macs=0.25");
        assertThat(policies.of("resnet").dryRun()).isFalse();
        assertThat(policies.of("resnet").coolDownMs()).isEqualTo(60_000);
        assertThat(policies.of("vit").criterion()).hasToString("l1");
        assertThat(policies.of("vit").dryRun()).isTrue();
        assertThat(policies.of("other").target()).hasToString("macs=0.4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 2] | must have a policy under the name of each model",
                "'' | must have a policy under the name of each model",
                "'a: [' | is no YAML or JSON",
                "'a: {criterion: l2}' | has a policy of 'a' that cannot be meant: Policy: field 'target' is missing",
                "'a: {target: {metric: macs, keep: 2}, criterion: l2}' | must be above 0 and at most 1",
                "'a: {target: {metric: latency, keep: 0.5}, criterion: l2}' | a service measures no times",
                "'a/b: {target: {metric: macs, keep: 0.5}, criterion: l2}' | 'a/b'",
                "'a: 7' | has a policy of 'a' that cannot be meant: not a JSON object",
            })
    void aFileThatCannotBeMeantIsRefusedAtStartWithTheModelAndTheMend(String text, String why) {
        assertThatThrownBy(() -> policies(text))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("espalier.policies.file: ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        StreamsSettings settings = settings(folder.resolve("none.yaml"));
        assertThatThrownBy(() -> ConfiguredPolicies.of(settings))
                .isInstanceOf(SettingsException.class)
                .hasMessageEndingWith("none.yaml is not there");
    }

    private ConfiguredPolicies policies(String text) throws Exception {
        return ConfiguredPolicies.of(settings(Files.writeString(folder.resolve("policies.yaml"), text)));
    }

    private static StreamsSettings settings(Path file) {
        return StreamsSettings.of(Map.of(
                "espalier.kafka.bootstrap.servers", "b:1",
                "espalier.policies.file", file.toString(),
                "espalier.policy.target", "macs=0.4"));
    }
}
