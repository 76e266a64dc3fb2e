package io.espalier.streams.settings;

import io.espalier.protocol.record.Policy;

/** The policy of models that have none of their own. */
public final class DefaultPolicy {
    private DefaultPolicy() {}

    public static Policy of(StreamsSettings settings) {
        return StreamsSettingsCheck.policy(settings.policy());
    }
}
