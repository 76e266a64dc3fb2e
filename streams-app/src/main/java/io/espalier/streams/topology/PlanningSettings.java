package io.espalier.streams.topology;

import io.espalier.planner.drift.DriftSettings;
import io.espalier.protocol.record.Policy;
import java.time.Duration;
import java.util.function.Function;

/**
 * When and by what models are planned for.
 *
 * @param interval wall-clock time between two looks at the models that changed
 * @param coolDown how long a recommendation stands before new scores alone may replace it, where its policy does not say
 * @param policies by model, of those without one on the policies topic
 * @param drift what counts as drift
 * @param control what sidecars are told
 * @param pane length of a pane
 * @param windowPanes panes of a full window
 * @param stateBytes what the windows of an instance may take
 * @param maxMessageBytes largest record that our topics take
 */
public record PlanningSettings(
        Duration interval,
        Duration coolDown,
        Function<String, Policy> policies,
        DriftSettings drift,
        ControlSettings control,
        Duration pane,
        int windowPanes,
        long stateBytes,
        int maxMessageBytes) {}
