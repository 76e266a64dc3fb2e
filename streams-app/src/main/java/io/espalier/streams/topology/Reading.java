package io.espalier.streams.topology;

import io.espalier.streams.deadletter.DeadLetter;

/** What came of a record: an input, or else a dead letter; the other is null. */
record Reading(PlanningInput input, DeadLetter refused) {
    static Reading accepted(PlanningInput input) {
        return new Reading(input, null);
    }

    static Reading refused(DeadLetter letter) {
        return new Reading(null, letter);
    }
}
