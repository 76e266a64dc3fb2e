package io.espalier.streams;

import io.espalier.planner.drift.DriftSettings;
import io.espalier.streams.settings.ConfiguredPolicies;
import io.espalier.streams.settings.StreamsSettings;
import io.espalier.streams.topology.ControlSettings;
import io.espalier.streams.topology.PlanningSettings;
import io.espalier.streams.topology.WindowSettings;

/** What each topology is told of the settings. */
final class TopologySettings {
    private TopologySettings() {}

    static WindowSettings window(StreamsSettings settings) {
        return new WindowSettings(
                settings.window().pane(),
                settings.window().panes(),
                settings.window().grace(),
                settings.window().retention(),
                settings.publishInterval(),
                settings.topics().maxMessageBytes());
    }

    static PlanningSettings planning(StreamsSettings settings) {
        return new PlanningSettings(
                settings.plan().interval(),
                settings.plan().coolDown(),
                ConfiguredPolicies.of(settings)::of,
                new DriftSettings(
                        settings.drift().runLength(),
                        settings.drift().minChange(),
                        settings.drift().minUnits()),
                new ControlSettings(
                        settings.control().enabled(),
                        settings.control().interval(),
                        settings.control().floor(),
                        settings.control().bytesPerSecond()),
                settings.window().pane(),
                settings.window().panes(),
                settings.stateMaxBytes(),
                settings.topics().maxMessageBytes());
    }
}
