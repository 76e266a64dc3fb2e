package io.espalier.benchmarks.topology;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One contender in a process of its own. Says {@code progress MILLISECONDS RECORDS CHANGELOG_BYTES CPU_NANOSECONDS} ten times a second,
 * {@code running MILLISECONDS} when it runs with all its state, and at its end, which is that of its input, {@code ended
 * REFUSED RESIDENT_BYTES}.
 */
final class ContenderProcess {
    private static final long TICK_MS = 100;

    private ContenderProcess() {}

    public static void main(String[] arguments) throws IOException {
        ContenderSettings settings = ContenderSettings.parse(arguments);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Contender contender =
                settings.kind().isBareLoop() ? new BareLoop(settings) : StreamsContender.of(settings)) {
            contender.start();
            var ticks = timer.scheduleAtFixedRate(() -> say(contender), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
            while (System.in.read() >= 0) {
                // Only the end of the input says something.
            }
            ticks.cancel(false);
            timer.shutdown();
            System.out.printf("ended %d %d%n", contender.refused(), resident());
        }
    }

    private static void say(Contender contender) {
        if (contender.runningAfterMs() >= 0) {
            System.out.printf("running %d%n", contender.runningAfterMs());
            System.out.printf(
                    "progress %d %d %d %d%n",
                    System.currentTimeMillis(), contender.records(), contender.changelogBytes(), cpuNanos());
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** The most that ever was, in bytes. */
    private static long resident() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        String peak = status.stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(peak.replaceAll("[^0-9]", "")) * 1024;
    }
}
