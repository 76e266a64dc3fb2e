package io.espalier.streams.maintenance;

import io.espalier.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where Kafka Streams keeps local state: a folder per application. */
final class StateFolders {
    private final Path stateDir;

    StateFolders(Path stateDir) {
        this.stateDir = stateDir.toAbsolutePath().normalize();
    }

    /** Those of the applications that are there. */
    List<Path> of(Collection<String> applicationIds) {
        return applicationIds.stream()
                .map(stateDir::resolve)
                .filter(Files::isDirectory)
                .sorted()
                .toList();
    }

    /** Links are deleted, and not followed. */
    void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new SettingsException(
                    "local state in " + folder + " cannot be deleted: " + e + "; check espalier.state.dir", e);
        }
    }
}
