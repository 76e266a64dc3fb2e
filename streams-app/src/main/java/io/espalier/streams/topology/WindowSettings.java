package io.espalier.streams.topology;

import java.time.Duration;

/**
 * How activations are counted and how often their score is published.
 *
 * @param pane length of a pane in event time, at least a millisecond
 * @param panes how many panes make a window, 1 or more
 * @param publishInterval wall-clock time between two scores of a shard that changed
 * @param maxMessageBytes largest record that our topics take
 */
public record WindowSettings(Duration pane, int panes, Duration publishInterval, int maxMessageBytes) {
    /** Start of the pane that an event belongs to; both in milliseconds since the epoch. */
    long paneStart(long eventMs) {
        return Math.floorDiv(eventMs, pane.toMillis()) * pane.toMillis();
    }

    /** Start of the first pane of the window whose last pane starts at {@code newestStart}. */
    long windowStart(long newestStart) {
        return newestStart - (panes - 1L) * pane.toMillis();
    }
}
