import io.espalier.surgery.CouplingGroup;
import io.espalier.surgery.ModelAnalysis;
import io.espalier.surgery.ModelArchive;
import io.espalier.surgery.PruningPlan;
import io.espalier.surgery.ShapeProfile;
import io.espalier.surgery.Surgeon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One run of what benchmarks/surgery.sh measures. */
final class SurgeryBenchmark {
    private SurgeryBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[1]);
        if (arguments[0].equals("profile")) {
            ModelArchive.open(model).writeProfiled(Path.of(arguments[2]));
        } else {
            prune(model, Path.of(arguments[2]), Path.of(arguments[3]));
        }
    }

    /** Prints seconds to read, to group and to write, and the most megabytes that were resident. */
    private static void prune(Path model, Path shapes, Path target) throws IOException {
        ShapeProfile profile = new ShapeProfile(Files.readAllLines(shapes).stream()
                .map(SurgeryBenchmark::shape)
                .toList());
        long start = System.nanoTime();
        ModelArchive archive = ModelArchive.open(model);
        long read = System.nanoTime();
        ModelAnalysis analysis = archive.analyse(profile);
        long grouped = System.nanoTime();
        new Surgeon(archive, analysis).writePruned(halfOfAll(analysis), target);
        long written = System.nanoTime();
        System.out.printf(
                "%.3f %.3f %.3f %d%n",
                (read - start) / 1e9, (grouped - read) / 1e9, (written - grouped) / 1e9, resident());
    }

    private static long[] shape(String line) {
        return line.isBlank()
                ? new long[0]
                : Arrays.stream(line.split(",", -1)).mapToLong(Long::parseLong).toArray();
    }

    /** Every second unit of every group. */
    private static PruningPlan halfOfAll(ModelAnalysis analysis) {
        Map<String, int[]> remove = new LinkedHashMap<>();
        for (CouplingGroup group : analysis.groups()) {
            if (group.units() > 1) {
                remove.put(
                        group.id(),
                        IntStream.range(0, group.units() / 2).map(i -> 2 * i).toArray());
            }
        }
        return new PruningPlan(remove);
    }

    private static long resident() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/self/status"));
        String peak = status.stream().filter(line -> line.startsWith("VmHWM")).findFirst().orElse("VmHWM: 0");
        return Long.parseLong(peak.replaceAll("[^0-9]", "")) / 1000;
    }
}
