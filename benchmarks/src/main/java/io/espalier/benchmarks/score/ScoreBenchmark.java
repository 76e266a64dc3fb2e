package io.espalier.benchmarks.score;

import com.google.protobuf.UnsafeByteOperations;
import io.espalier.protocol.ShardKey;
import io.espalier.protocol.batch.ActivationBatch;
import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.score.ClosedPanes;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.protocol.score.PaneStatistics;
import io.espalier.protocol.score.WindowRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a stream thread spends on the score of one shard: each time it is published, and each time a pane is closed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScoreBenchmark {
    private static final int POSITIONS = OverlapCounters.MAX_POSITIONS;
    private static final int SAMPLES = 1000;
    private static final ShardKey SHARD = new ShardKey("model", "1", "layer", 0);

    @Param({"4096", "102400"})
    public int bits;

    @Param({"1", "10", "60"})
    public int panes;

    private final List<PaneStatistics> window = new ArrayList<>();
    private Optional<ClosedPanes> closed;
    private Expressiveness scored;

    /** Panes of {@value #SAMPLES} samples; units of all rates, as the shortcuts of a score depend on them. */
    @Setup
    public void fill() {
        int units = bits / POSITIONS;
        SplittableRandom random = new SplittableRandom(1);
        double[] rates = random.doubles(units).map(share -> share * share).toArray();
        for (int pane = 0; pane < panes; pane++) {
            byte[] codes = new byte[bits / 8 * SAMPLES];
            for (int bit = 0; bit < 8 * codes.length; bit++) {
                boolean set = random.nextDouble() < rates[bit % bits / POSITIONS];
                codes[bit >>> 3] |= (byte) (set ? 1 << (bit & 7) : 0);
            }
            ActivationBatch.Builder batch = ActivationBatch.newBuilder()
                    .setUnits(units)
                    .setPositions(POSITIONS)
                    .setSamples(SAMPLES)
                    .setCodes(UnsafeByteOperations.unsafeWrap(codes));
            for (int unit = 0; unit < units; unit++) {
                batch.addSums(random.nextDouble() * SAMPLES).addSquares(random.nextDouble() * SAMPLES);
            }
            PaneStatistics statistics = PaneStatistics.create(units, POSITIONS);
            statistics.add(batch.build());
            window.add(statistics);
        }
        closed = close();
        scored = publish();
    }

    /** As the service does it, from all panes while too few are closed to be taken together. */
    @Benchmark
    public Expressiveness publish() {
        Expressiveness.Window span = new Expressiveness.Window(0, 60_000L * panes, panes);
        return closed.map(earlier -> earlier.with(window.get(panes - 1), SHARD, span))
                .orElseGet(() -> new WindowRecord(window).of(SHARD, span));
    }

    @Benchmark
    public Optional<ClosedPanes> close() {
        return ClosedPanes.of(window.subList(0, panes - 1));
    }

    @Benchmark
    public byte[] encode() {
        return Codecs.EXPRESSIVENESS.encode(scored);
    }

    @Benchmark
    public byte[] writeNewestPane() {
        return window.get(panes - 1).toBytes();
    }
}
