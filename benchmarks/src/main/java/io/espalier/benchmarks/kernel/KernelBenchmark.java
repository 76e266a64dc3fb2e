package io.espalier.benchmarks.kernel;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Batches of samples counted per second. A fork has one contender only, so that none profits from another's profile. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
    /** What a sidecar sends at once unless told. */
    static final int SAMPLES_PER_BATCH = 32;

    @Param
    public Kernel kernel;

    @Param({"4096", "102400"})
    public int bits;

    @Param({"0.5", "0.05"})
    public double density;

    private PositionCounts counts;
    private RandomCodes codes;

    /** Each iteration starts at zero: a pane does, and counters have a largest count. */
    @Setup(Level.Iteration)
    public void start() {
        counts = kernel.counts(bits);
    }

    @Setup
    public void makeCodes() {
        codes = new RandomCodes(bits, density, SAMPLES_PER_BATCH);
    }

    @Benchmark
    public void add() {
        counts.add(codes.next(), SAMPLES_PER_BATCH);
    }
}
