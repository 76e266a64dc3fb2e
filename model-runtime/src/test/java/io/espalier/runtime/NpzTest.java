package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
    private static ModelRuntime runtime;

    @BeforeAll
    static void start() {
        runtime = TestRuntime.start();
    }

    @AfterAll
    static void stop() {
        runtime.close();
    }

    @TempDir
    private Path folder;

    private final Npz npz = new Npz(runtime);

    /** Written by numpy: np.savez and np.savez_compressed of the same four arrays (src/test/python/make_fixtures.py). */
    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void readsWhatNumpyWrites(String name) {
        Map<String, Npz.Array> arrays = npz.read(TestRuntime.fixture(name));
        assertThat(arrays).containsOnlyKeys("x", "y", "codes", "scores");
        Npz.Float32 x = (Npz.Float32) arrays.get("x");
        assertThat(x.shape()).containsExactly(2, 1, 3, 4);
        assertThat(x.data()).hasSize(24).startsWith(0f, 0.5f, 1f).endsWith(11.5f);
        assertThat(((Npz.Int64) arrays.get("y")).data()).containsExactly(1L << 40, -7);
        assertThat(((Npz.Uint8) arrays.get("codes")).data()).containsExactly(0, 1, 255);
        assertThat(((Npz.Float64) arrays.get("scores")).data()).containsExactly(1.0 / 3, -0.0);
    }

    @Test
    void readsBackWhatItWrites() throws IOException {
        Map<String, Npz.Array> arrays = new LinkedHashMap<>();
        arrays.put("codes", new Npz.Uint8(new long[] {2, 3}, new byte[] {0, 1, 1, 0, (byte) 200, 1}));
        arrays.put("y", new Npz.Int64(new long[] {2}, new long[] {Long.MIN_VALUE, 5}));
        arrays.put("x", new Npz.Float32(new long[] {1, 1, 1, 2}, new float[] {Float.MIN_VALUE, -1.25f}));
        arrays.put("scores", new Npz.Float64(new long[] {2, 1}, new double[] {1e-300, 2.0 / 3}));
        Path file = folder.resolve("arrays.npz");
        npz.write(file, arrays);
        assertThat(npz.read(file)).usingRecursiveComparison().isEqualTo(arrays);
    }

    @Test
    void numpyReadsWhatIsWritten() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(python));
        Path file = folder.resolve("for numpy.npz");
        npz.write(
                file,
                Map.of(
                        "codes", new Npz.Uint8(new long[] {1, 3}, new byte[] {0, 1, (byte) 255}),
                        "scores", new Npz.Float64(new long[] {2}, new double[] {1.0 / 3, 2})));
        Process process = new ProcessBuilder(python.toString(), "-c", """
                        import sys
                        try:
                            import numpy
                        except ImportError:
                            sys.exit(77)
                        f = numpy.load(sys.argv[1])
                        assert f['codes'].dtype == numpy.uint8 and f['codes'].tolist() == [[0, 1, 255]], f['codes']
                        assert f['scores'].dtype == numpy.float64 and f['scores'].tolist() == [1 / 3, 2], f['scores']
                        """, file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        int exit = process.waitFor();
        org.junit.jupiter.api.Assumptions.assumeTrue(exit != 77, "numpy is not installed");
        assertThat(exit).as(output).isZero();
    }

    @Test
    void otherTypesAreNamed() {
        assertThatExceptionOfType(ModelRuntimeException.class)
                .isThrownBy(() -> npz.read(TestRuntime.fixture("int32.npz")))
                .withMessageContaining("array 'labels' is of type <i4");
    }

    @Test
    void otherFilesGiveOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("text.npz"), "no arrays in here");
        Path empty = Files.write(folder.resolve("empty.npz"), new byte[0]);
        Path truncated = folder.resolve("truncated.npz");
        byte[] whole = Files.readAllBytes(TestRuntime.fixture("stored.npz"));
        Files.write(truncated, java.util.Arrays.copyOf(whole, whole.length / 3));
        for (Path file : java.util.List.of(text, empty, truncated, folder.resolve("missing.npz"))) {
            assertThatExceptionOfType(ModelRuntimeException.class)
                    .isThrownBy(() -> npz.read(file))
                    .satisfies(e ->
                            assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n"));
        }
    }
}
