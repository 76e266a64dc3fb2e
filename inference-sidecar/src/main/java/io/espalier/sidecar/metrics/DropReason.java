package io.espalier.sidecar.metrics;

import java.util.Locale;

/** Why a sample is lost. */
public enum DropReason {
    /** It came while the queue had no place for it. */
    QUEUE_FULL,
    /** An activation of it was NaN or infinite. */
    NON_FINITE,
    /** The sampling run failed; the request was answered by a plain one. */
    CAPTURE_FAILED,
    /** The broker did not take it, in whole or in part, or it could not be reached until shutdown. */
    PUBLISH_FAILED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
