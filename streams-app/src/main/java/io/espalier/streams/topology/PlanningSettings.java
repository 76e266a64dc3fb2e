package io.espalier.streams.topology;

import io.espalier.protocol.record.Policy;
import java.time.Duration;
import java.util.function.Function;

/**
 * When and by what models are planned for.
 *
 * @param interval wall-clock time between two looks at the models that changed
 * @param coolDown how long a recommendation stands before new scores alone may replace it, where its policy does not say
 * @param policies by model, of those without one on the policies topic
 * @param windowPanes panes of a full window
 * @param stateBytes what the windows of an instance may take
 * @param maxMessageBytes largest record that our topics take
 */
public record PlanningSettings(
        Duration interval,
        Duration coolDown,
        Function<String, Policy> policies,
        int windowPanes,
        long stateBytes,
        int maxMessageBytes) {}
