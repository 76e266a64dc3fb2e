package io.espalier.streams.maintenance;

import java.util.List;

/**
 * What a reset or a clean takes away, each list sorted; what is not there is not in it.
 *
 * @param groups consumer groups, with the offsets that they have committed
 * @param activeGroups those of them that have members, which keep all of it from being done
 * @param topics by name
 * @param folders of local state, on this machine
 */
public record Removal(List<String> groups, List<String> activeGroups, List<String> topics, List<String> folders) {
    public Removal {
        groups = List.copyOf(groups);
        activeGroups = List.copyOf(activeGroups);
        topics = List.copyOf(topics);
        folders = List.copyOf(folders);
    }

    public boolean removesNothing() {
        return groups.isEmpty() && topics.isEmpty() && folders.isEmpty();
    }
}
