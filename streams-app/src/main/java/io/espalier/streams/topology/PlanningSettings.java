package io.espalier.streams.topology;

import io.espalier.protocol.record.Policy;
import java.time.Duration;

/**
 * When and by what models are planned for.
 *
 * @param interval wall-clock time between two looks at the models that changed
 * @param coolDown how long a recommendation stands before new scores alone may replace it
 * @param defaultPolicy of models without one of their own
 * @param windowPanes panes of a full window
 * @param maxMessageBytes largest record that our topics take
 */
public record PlanningSettings(
        Duration interval, Duration coolDown, Policy defaultPolicy, int windowPanes, int maxMessageBytes) {}
