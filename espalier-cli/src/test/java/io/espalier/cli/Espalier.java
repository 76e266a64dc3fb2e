package io.espalier.cli;

import io.espalier.runtime.RuntimeSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command as a process of its own, with little heap, as a user would start it. */
final class Espalier {
    private Espalier() {}

    record Finished(int code, String out, List<String> errorLines) {}

    static Finished run(Path folder, Object... arguments) throws IOException, InterruptedException {
        return runWith(Map.of(), folder, arguments);
    }

    /** Settings of the services come from {@code environment} only, whatever the one of this process holds. */
    static Finished runWith(Map<String, String> environment, Path folder, Object... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                EspalierMain.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("ESPALIER_") && !name.equals(RuntimeSettings.CACHE_VARIABLE));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " did not end; it said: " + Files.readString(err));
        }
        return new Finished(
                process.exitValue(), Files.readString(out), Files.readAllLines(err, StandardCharsets.UTF_8));
    }
}
