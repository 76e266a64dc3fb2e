package io.espalier.streams.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TopicWatchTest {
    private final List<String> deleted = new ArrayList<>();
    private Optional<Set<String>> missing = Optional.of(Set.of());
    private final TopicWatch watch =
            new TopicWatch(Set.of("a", "b", "app-panes-changelog"), () -> missing, deleted::add);

    @Test
    void whatWasThereAndIsMissedTwiceWasDeleted() {
        watch.look();
        missing = Optional.of(Set.of("b"));
        watch.look();
        assertThat(deleted).isEmpty();
        watch.look();
        assertThat(deleted).containsExactly("topic b was deleted: the next start makes it anew");
    }

    @Test
    void ofAChangelogItSaysThatStateIsLostAndHowToCountAnew() {
        watch.look();
        missing = Optional.of(Set.of("app-panes-changelog"));
        watch.look();
        watch.look();
        assertThat(deleted)
                .singleElement()
                .asString()
                .contains("app-panes-changelog", "lost", "espalier streams reset");
    }

    @Test
    void whatWasNeverSeenOrIsBackOrIsUnknownWasNotDeleted() {
        missing = Optional.of(Set.of("a", "b"));
        watch.look();
        watch.look();
        missing = Optional.of(Set.of());
        watch.look();
        missing = Optional.of(Set.of("a"));
        watch.look();
        missing = Optional.of(Set.of());
        watch.look();
        missing = Optional.of(Set.of("a"));
        watch.look();
        missing = Optional.empty();
        watch.look();
        assertThat(deleted).isEmpty();
    }
}
