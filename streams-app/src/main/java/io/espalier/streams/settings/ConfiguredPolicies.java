package io.espalier.streams.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.espalier.protocol.Names;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.codec.RefusedRecordException;
import io.espalier.protocol.record.Policy;
import io.espalier.protocol.record.Policy.Metric;
import io.espalier.settings.SettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The policies that the settings give; one on the policies topic takes the place of its model's. */
public final class ConfiguredPolicies {
    private final Policy otherwise;
    private final Map<String, Policy> byModel;

    /** {@code otherwise}: of models that are not in {@code byModel}. */
    public ConfiguredPolicies(Policy otherwise, Map<String, Policy> byModel) {
        this.otherwise = otherwise;
        this.byModel = Map.copyOf(byModel);
    }

    /**
     * Those of {@code espalier.policies.file}, and {@code espalier.policy} for all other models.
     *
     * @throws SettingsException when the file cannot be read, or a policy in it cannot be meant
     */
    public static ConfiguredPolicies of(StreamsSettings settings) {
        return new ConfiguredPolicies(
                StreamsSettingsCheck.policy(settings.policy()),
                settings.policiesFile().map(ConfiguredPolicies::read).orElse(Map.of()));
    }

    public Policy of(String model) {
        return byModel.getOrDefault(model, otherwise);
    }

    /** A YAML or JSON object of policies by model, each as a record of the policies topic has it. */
    private static Map<String, Policy> read(Path file) {
        JsonNode models;
        try {
            models = new YAMLMapper().readTree(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw refused(file, "is not there", e);
        } catch (JsonProcessingException e) {
            throw refused(
                    file,
                    "is no YAML or JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""),
                    e);
        } catch (IOException e) {
            throw refused(file, "cannot be read: " + e, e);
        }
        if (models == null || !models.isObject()) {
            throw refused(file, "must have a policy under the name of each model", null);
        }
        Map<String, Policy> policies = new HashMap<>();
        models.properties()
                .forEach(entry -> policies.put(entry.getKey(), policy(file, entry.getKey(), entry.getValue())));
        return policies;
    }

    private static Policy policy(Path file, String model, JsonNode node) {
        try {
            Names.require("model", model);
            Policy policy = Codecs.POLICY.decode(node.toString().getBytes(StandardCharsets.UTF_8));
            if (policy.target().metric() == Metric.LATENCY) {
                throw new IllegalArgumentException("a service measures no times: set a target of macs or params");
            }
            return policy;
        } catch (IllegalArgumentException | RefusedRecordException e) {
            throw refused(file, "has a policy of '" + model + "' that cannot be meant: " + e.getMessage(), e);
        }
    }

    private static SettingsException refused(Path file, String why, Throwable cause) {
        return new SettingsException("espalier.policies.file: " + file + " " + why, cause);
    }
}
