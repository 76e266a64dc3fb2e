package io.espalier.cli.latency;

import java.util.List;
import java.util.Map;

/**
 * Units to remove, and how long the model takes then.
 *
 * @param remove per group the unit indices
 */
public record TimedPlan(Map<String, List<Integer>> remove, Latency latency) {}
