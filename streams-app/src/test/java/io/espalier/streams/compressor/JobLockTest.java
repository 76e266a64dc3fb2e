package io.espalier.streams.compressor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.espalier.settings.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobLockTest {
    @TempDir
    private Path directory;

    private final List<String> done = new ArrayList<>();

    @Test
    void oneJobAtATime() {
        Path file = directory.resolve("lock");
        try (JobLock one = JobLock.open(file);
                JobLock other = JobLock.open(file)) {
            assertThat(one.tryRun(() -> {
                        done.add("one");
                        assertThat(other.tryRun(() -> done.add("other, meanwhile")))
                                .isFalse();
                    }))
                    .isTrue();
            assertThat(other.tryRun(() -> done.add("other, later"))).isTrue();
        }
        assertThat(done).containsExactly("one", "other, later");
    }

    @Test
    void aJobThatFailsLetsGo() {
        try (JobLock lock = JobLock.open(directory.resolve("lock"))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> lock.tryRun(() -> {
                        throw new IllegalStateException("failed");
                    }));
            assertThat(lock.tryRun(() -> done.add("next"))).isTrue();
        }
        assertThat(done).containsExactly("next");
    }

    @Test
    void anotherFileIsAnotherLock() {
        try (JobLock one = JobLock.open(directory.resolve("one"));
                JobLock other = JobLock.open(directory.resolve("other"))) {
            assertThat(one.tryRun(() ->
                            assertThat(other.tryRun(() -> done.add("beside"))).isTrue()))
                    .isTrue();
        }
        assertThat(done).containsExactly("beside");
    }

    @Test
    void aFileThatCannotBeWrittenIsNamedWithItsSetting() {
        Path file = directory.resolve("none").resolve("lock");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> JobLock.open(file))
                .withMessageContainingAll("espalier.compressor.lock", file.toString());
    }
}
