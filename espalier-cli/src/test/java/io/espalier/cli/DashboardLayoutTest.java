package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Rectangle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What Grafana takes without a word and shows wrong. */
final class DashboardLayoutTest {
    private static final int GRID_COLUMNS = 24;

    private final JsonNode dashboard;
    private final List<JsonNode> panels = new ArrayList<>();

    DashboardLayoutTest() throws IOException {
        dashboard = new ObjectMapper()
                .readTree(DashboardExpressions.committedDashboard().toFile());
        dashboard.path("panels").forEach(panels::add);
    }

    @Test
    void everyPanelHasAnIdOfItsOwn() {
        Set<Integer> ids = new HashSet<>();

        assertThat(panels)
                .hasSizeGreaterThan(20)
                .allSatisfy(panel -> assertThat(ids.add(panel.path("id").asInt(0)))
                        .as(title(panel))
                        .isTrue());
    }

    @Test
    void noPanelCoversAnotherOrLeavesTheGrid() {
        for (JsonNode panel : panels) {
            Rectangle place = place(panel);
            assertThat(place.isEmpty()).as(title(panel)).isFalse();
            assertThat(place.x + place.width).as(title(panel)).isLessThanOrEqualTo(GRID_COLUMNS);
            assertThat(panels)
                    .filteredOn(other -> !other.path("id").equals(panel.path("id")))
                    .as(title(panel))
                    .noneMatch(other -> place(other).intersects(place));
        }
    }

    @Test
    void everyPanelSaysWhatItShowsAndWhatToDo() {
        assertThat(panels).filteredOn(panel -> !isRow(panel)).allSatisfy(panel -> {
            assertThat(title(panel)).isNotBlank();
            assertThat(panel.path("description").asText()).as(title(panel)).hasSizeGreaterThan(40);
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .as(title(panel))
                    .isNotBlank();
        });
    }

    @Test
    void everyQueryAsksTheDataSourceThatTheUserChose() {
        assertThat(dashboard.at("/templating/list/0/name").asText()).isEqualTo("datasource");
        assertThat(panels).filteredOn(panel -> !isRow(panel)).allSatisfy(panel -> {
            assertThat(panel.path("targets")).as(title(panel)).isNotEmpty();
            assertThat(panel.findValues("datasource"))
                    .as(title(panel))
                    .hasSize(panel.path("targets").size() + 1)
                    .allMatch(source -> source.path("uid").asText().equals("${datasource}"));
        });
    }

    private static boolean isRow(JsonNode panel) {
        return panel.path("type").asText().equals("row");
    }

    private static String title(JsonNode panel) {
        return panel.path("title").asText();
    }

    private static Rectangle place(JsonNode panel) {
        JsonNode grid = panel.path("gridPos");
        return new Rectangle(
                grid.path("x").asInt(-1),
                grid.path("y").asInt(-1),
                grid.path("w").asInt(),
                grid.path("h").asInt());
    }
}
