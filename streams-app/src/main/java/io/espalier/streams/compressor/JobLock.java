package io.espalier.streams.compressor;

import io.espalier.settings.SettingsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lets one process of this machine work at a time: a job takes all the processors it is given, and two would each take
 * longer than both in a row. A file is locked, since the system lets go of it however a process ends.
 */
final class JobLock implements AutoCloseable {
    // Kept open from the first to the last job: on POSIX systems a process that closes any channel to a file loses all
    // its
    // locks on it.
    private final FileChannel channel;

    private JobLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens the file, and makes it when there is none; it stays.
     *
     * @throws SettingsException when it cannot be written
     */
    static JobLock open(Path file) {
        try {
            return new JobLock(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new SettingsException(
                    "espalier.compressor.lock is '" + file + "', which cannot be opened (" + e
                            + "): give a file of this machine that may be written, in a folder that is there",
                    e);
        }
    }

    /** Tries once; false while another job is at work. */
    boolean tryRun(Runnable job) {
        try (FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            job.run();
            return true;
        } catch (OverlappingFileLockException e) {
            // Another compressor of this process.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
