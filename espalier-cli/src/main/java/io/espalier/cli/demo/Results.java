package io.espalier.cli.demo;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.google.protobuf.ByteString;
import io.espalier.cli.prune.Evaluation;
import io.espalier.protocol.Datatype;
import io.espalier.protocol.codec.Json;
import io.espalier.protocol.record.Expressiveness;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.ModelDescriptor.CapturePoint;
import io.espalier.protocol.record.ModelVersion;
import io.espalier.protocol.record.Recommendation;
import io.espalier.protocol.score.OverlapCounters;
import io.espalier.runtime.ModelRuntime;
import io.espalier.runtime.Npz;
import io.espalier.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of {@code demo --once}. */
final class Results {
    private final ObjectWriter json = Json.mapper().writerWithDefaultPrettyPrinter();
    private final Path folder;
    private final ModelRuntime runtime;

    Results(Path folder, ModelRuntime runtime) {
        this.folder = folder;
        this.runtime = runtime;
    }

    /** Writes {@code recommendation.json} and the models, and evaluates them. */
    Evaluation writeModels(ModelDescriptor descriptor, ModelVersion version, Recommendation recommendation)
            throws IOException {
        write("recommendation.json", recommendation);
        return new ModelResults(folder, runtime).write(descriptor, version, recommendation);
    }

    /** Writes {@code expressiveness.json} and {@code codes.npz}. */
    void writeScores(ModelDescriptor descriptor, Observed observed) throws IOException {
        write("expressiveness.json", observed.scores());
        List<CapturePoint> points = descriptor.capturePoints();
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        add(arrays, "first", points.get(0), observed);
        add(arrays, "last", points.get(points.size() - 1), observed);
        Npz.write(folder.resolve("codes.npz"), arrays);
    }

    void write(Summary summary) throws IOException {
        write("summary.json", summary);
    }

    static Summary summary(
            DemoSystem system,
            Recommendation recommendation,
            ModelVersion version,
            Evaluation evaluation,
            long requests,
            long sampled,
            double seconds) {
        ModelDescriptor descriptor = system.descriptor();
        long published = system.observed().samples();
        return new Summary(
                descriptor.model(),
                descriptor.version(),
                version.version(),
                requests,
                published,
                sampled - published,
                descriptor.capturePoints().size(),
                descriptor.groups().size(),
                recommendation.units(),
                recommendation.unitsRemoved(),
                descriptor.params(),
                version.params(),
                descriptor.macs(),
                version.macs(),
                evaluation.accuracyBefore(),
                evaluation.cut().accuracy(),
                evaluation.after().accuracy(),
                evaluation.after().agreement(),
                version.checks().maxRelativeError(),
                version.recovery(),
                seconds);
    }

    private void write(String file, Object value) throws IOException {
        Files.writeString(folder.resolve(file), json.writeValueAsString(value) + "\n");
    }

    private static void add(Map<String, Tensor> arrays, String name, CapturePoint point, Observed observed) {
        Expressiveness score = observed.scores().stream()
                .filter(candidate -> candidate.capturePoint().equals(point.name()) && candidate.firstUnit() == 0)
                .findFirst()
                .orElseThrow();
        if (score.units() != point.units()) {
            throw new IllegalStateException(
                    point.name() + " is published in several shards: its codes would be partial");
        }
        arrays.put("codes_" + name, bits(observed.codes(point.name()), point));
        arrays.put("scores_" + name, Tensor.ofDoubles(new long[] {point.units()}, score.score()));
    }

    /** One byte a bit: [samples][units][positions]. */
    private static Tensor bits(ByteString codes, CapturePoint point) {
        int bits = point.units() * point.positions();
        int sampleBytes = OverlapCounters.wordsPerSample(point.units(), point.positions()) * Long.BYTES;
        int samples = codes.size() / sampleBytes;
        byte[] unpacked = new byte[samples * bits];
        for (int sample = 0; sample < samples; sample++) {
            for (int bit = 0; bit < bits; bit++) {
                int octet = codes.byteAt(sample * sampleBytes + bit / 8);
                unpacked[sample * bits + bit] = (byte) (octet >> (bit % 8) & 1);
            }
        }
        return new Tensor(Datatype.UINT8, new long[] {samples, point.units(), point.positions()}, unpacked);
    }
}
