package io.espalier.cli.prune;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.espalier.protocol.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A file that says which units to remove.
 *
 * @param groups per group the unit indices
 */
public record PlanFile(Map<String, List<Integer>> groups) {
    /** Throws IllegalArgumentException naming the file when it holds no plan. */
    public static Map<String, List<Integer>> read(Path plan) throws IOException {
        try {
            PlanFile file = Json.mapper().readValue(Files.readString(plan), PlanFile.class);
            if (file != null && file.groups() != null) {
                return file.groups();
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(plan + " is no plan: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException(plan + " is no plan: write {\"groups\": {\"ID\": [unit, ...]}}");
    }
}
