package io.espalier.streams.topology;

import java.time.Duration;

/**
 * How activations are counted and how often their score is published.
 *
 * @param pane length of a pane in event time, at least a millisecond
 * @param panes how many panes make a window, 1 or more
 * @param grace how far a batch may lie behind the newest pane of its shard, start to start; at most the window is meant
 * @param retention wall-clock time after the end of its newest pane, after which a shard without traffic is forgotten
 * @param publishInterval least wall-clock time between two publications of scores; zero: with each commit
 * @param maxMessageBytes largest record that our topics take
 */
public record WindowSettings(
        Duration pane, int panes, Duration grace, Duration retention, Duration publishInterval, int maxMessageBytes) {
    /** Start of the pane that an event belongs to; both in milliseconds since the epoch. */
    long paneStart(long eventMs) {
        return Math.floorDiv(eventMs, pane.toMillis()) * pane.toMillis();
    }

    /** Start of the earliest pane that still takes batches, when {@code newestStart} is that of the newest. */
    long earliestOpen(long newestStart) {
        return Math.max(windowStart(newestStart), newestStart - grace.toMillis());
    }

    /** Whether a shard whose newest pane starts at {@code newestStart} has been silent for too long. */
    boolean isForgotten(long newestStart, long nowMs) {
        return newestStart + pane.toMillis() + retention.toMillis() < nowMs;
    }

    /** Start of the first pane of the window whose last pane starts at {@code newestStart}. */
    long windowStart(long newestStart) {
        return newestStart - (panes - 1L) * pane.toMillis();
    }
}
