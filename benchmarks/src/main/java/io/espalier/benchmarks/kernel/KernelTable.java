package io.espalier.benchmarks.kernel;

import io.espalier.benchmarks.Medians;
import io.espalier.benchmarks.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs all contenders, the one in C too where it was compiled, and prints GB/s of codes and ratios. */
public final class KernelTable {
    private static final int C_RUNS = 15;
    private static final String BYTE_LOOP = Kernel.BYTE_LOOP.title();

    private KernelTable() {}

    /** {@code [JMH OPTION...]}; the system property {@code c} names the compiled C contender. */
    public static void main(String[] arguments) throws Exception {
        Optional<String> c = Optional.ofNullable(System.getProperty("c"));
        Map<Work, Map<String, Double>> rates = new LinkedHashMap<>();
        for (RunResult result : java(arguments)) {
            Work work = Work.of(result);
            Kernel kernel = Kernel.valueOf(result.getParams().getParam("kernel"));
            rates.computeIfAbsent(work, first -> new HashMap<>()).put(kernel.title(), gigabytes(work, result));
        }
        if (c.isPresent()) {
            for (Map.Entry<Work, Map<String, Double>> measured : rates.entrySet()) {
                measured.getValue().put("C", inC(c.get(), measured.getKey()));
            }
        }
        print(rates, c.isPresent());
    }

    private static Collection<RunResult> java(String... arguments) throws RunnerException, CommandLineOptionException {
        return new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(arguments))
                        .include(KernelBenchmark.class.getName())
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
    }

    private static double gigabytes(Work work, RunResult result) {
        List<Double> batches = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .map(IterationResult::getPrimaryResult)
                .map(primary -> primary.getScore())
                .toList();
        return Medians.of(batches) * KernelBenchmark.SAMPLES_PER_BATCH * work.bits() / 8 / 1e9;
    }

    private static double inC(String program, Work work) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        program,
                        Integer.toString(work.bits()),
                        work.density(),
                        Integer.toString(KernelBenchmark.SAMPLES_PER_BATCH),
                        Integer.toString(C_RUNS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(program + " failed with exit code " + process.exitValue());
        }
        return Medians.of(
                Arrays.stream(printed.trim().split("\\s+")).map(Double::valueOf).toList());
    }

    private static void print(Map<Work, Map<String, Double>> rates, boolean withC) {
        Table table = new Table("bits", "density", "contender", "GB/s", "against the byte loop");
        rates.forEach((work, measured) -> {
            for (Kernel kernel : Kernel.values()) {
                print(table, work, kernel.title(), measured);
            }
            if (withC) {
                print(table, work, "C", measured);
            }
        });
    }

    private static void print(Table table, Work work, String contender, Map<String, Double> measured) {
        if (measured.containsKey(contender)) {
            double rate = measured.get(contender);
            String ratio = measured.containsKey(BYTE_LOOP) ? "%.1f".formatted(rate / measured.get(BYTE_LOOP)) : "-";
            table.row("%,d".formatted(work.bits()), work.density(), contender, "%.2f".formatted(rate), ratio);
        }
    }

    private record Work(int bits, String density) {
        static Work of(RunResult result) {
            return new Work(
                    Integer.parseInt(result.getParams().getParam("bits")),
                    result.getParams().getParam("density"));
        }
    }
}
