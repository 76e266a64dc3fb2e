package io.espalier.runtime;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.runtime.latency.LayerShape;
import io.espalier.runtime.latency.LayerStopwatch;
import io.espalier.runtime.latency.RepeatedTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Times one operator of libtorch, in float32, with as many threads as the runtime was started with. */
public final class LayerTimer implements LayerStopwatch {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private final ModelRuntime runtime;
    private final RepeatedTiming timing;

    public LayerTimer(ModelRuntime runtime, RepeatedTiming timing) {
        this.runtime = runtime;
        this.timing = timing;
    }

    /** What decides how long an operator takes: processor, threads and engine, in words. */
    public static String machine() {
        Engine engine = Engine.getEngine("PyTorch");
        return processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, " + JniUtils.getNumThreads()
                + " threads, libtorch " + engine.getVersion();
    }

    @Override
    public RepeatedTiming.Times time(LayerShape shape, long rows, long columns) {
        try (NDManager scope = runtime.newManager()) {
            // Ones and not zeros: pages of zeros are one page in memory, and would all be in the cache.
            PtNDArray weight = ones(scope, LongStream.concat(LongStream.of(rows, columns), sizes(shape.kernel())));
            PtNDArray bias = shape.bias() ? ones(scope, LongStream.of(rows)) : null;
            if (shape.isLinear()) {
                PtNDArray input = ones(scope, LongStream.concat(sizes(shape.input()), LongStream.of(columns)));
                return timing.time(() -> JniUtils.linear(input, weight, bias).close());
            }
            long groups = shape.groups(rows);
            List<Long> at = shape.input();
            PtNDArray input = ones(
                    scope,
                    LongStream.concat(
                            LongStream.of(at.get(0), columns * groups),
                            sizes(at).skip(1)));
            Shape stride = new Shape(shape.stride());
            Shape padding = new Shape(shape.padding());
            Shape dilation = new Shape(shape.dilation());
            return timing.time(
                    () -> JniUtils.convolution(input, weight, bias, stride, padding, dilation, Math.toIntExact(groups))
                            .close());
        }
    }

    private static LongStream sizes(List<Long> sizes) {
        return sizes.stream().mapToLong(Long::longValue);
    }

    private static PtNDArray ones(NDManager scope, LongStream shape) {
        return (PtNDArray) scope.ones(new Shape(shape.toArray()));
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            // Not Linux: the architecture tells machines of one user apart well enough.
            return System.getProperty("os.arch");
        }
    }
}
