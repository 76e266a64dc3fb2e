package io.espalier.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class PublishRoundsTest {
    private static final long MS = 1_000_000;

    @Test
    void tasksOfAThreadPublishInTheSameRound() {
        PublishRounds rounds = new PublishRounds(Duration.ZERO);
        long first = rounds.at(1000);
        rounds.spent(100 * MS);
        assertThat(rounds.at(1100)).isEqualTo(first);
        rounds.spent(100 * MS);
        assertThat(rounds.at(2999)).as("before a tenth is kept").isEqualTo(first);
        assertThat(rounds.at(3000)).isGreaterThan(first);
    }

    @Test
    void aRoundThatCostNothingIsFollowedByTheNextAtOnce() {
        PublishRounds rounds = new PublishRounds(Duration.ZERO);
        assertThat(rounds.at(1)).isLessThan(rounds.at(1));
    }

    @Test
    void roundsBeginAsFarApartAsIsSetAtLeast() {
        PublishRounds rounds = new PublishRounds(Duration.ofSeconds(3));
        long first = rounds.at(0);
        assertThat(rounds.at(2999)).isEqualTo(first);
        assertThat(rounds.at(3000)).isGreaterThan(first);
    }

    @Test
    void dearScoresOfManyTasksTakeATenthOfTheThreadAndEachTaskHasItsTurn() {
        PublishRounds rounds = new PublishRounds(Duration.ZERO);
        long[] publishedIn = new long[4];
        int[] publications = new int[4];
        long[] costMs = {40, 300, 300, 900};
        long nowMs = 0;
        long publishingMs = 0;
        while (nowMs < 1_000_000) {
            for (int task = 0; task < 4; task++) {
                long round = rounds.at(nowMs);
                if (round != publishedIn[task]) {
                    publishedIn[task] = round;
                    publications[task]++;
                    nowMs += costMs[task];
                    publishingMs += costMs[task];
                    rounds.spent(costMs[task] * MS);
                }
            }
            nowMs += 100;
        }
        assertThat((double) publishingMs / nowMs).isBetween(0.09, 0.102);
        assertThat(Arrays.stream(publications).max().orElseThrow()
                        - Arrays.stream(publications).min().orElseThrow())
                .isLessThanOrEqualTo(1);
    }
}
