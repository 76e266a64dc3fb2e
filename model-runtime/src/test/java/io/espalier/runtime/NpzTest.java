package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.Datatype;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
    @TempDir
    private Path folder;

    /** Written by numpy: np.savez and np.savez_compressed of the same four arrays (src/test/python/make_fixtures.py). */
    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void readsWhatNumpyWrites(String name) {
        Map<String, Tensor> arrays = Npz.read(TestRuntime.fixture(name));
        assertThat(arrays).containsOnlyKeys("x", "y", "codes", "scores");
        Tensor x = arrays.get("x");
        assertThat(x.type()).isEqualTo(Datatype.FP32);
        assertThat(x.shape()).containsExactly(2, 1, 3, 4);
        assertThat(x.toFloats().data()).hasSize(24).startsWith(0f, 0.5f, 1f).endsWith(11.5f);
        assertThat(arrays.get("y").sameBits(Tensor.ofLongs(new long[] {2}, 1L << 40, -7)))
                .isTrue();
        assertThat(arrays.get("codes").type()).isEqualTo(Datatype.UINT8);
        assertThat(arrays.get("codes").data()).containsExactly(0, 1, 255);
        assertThat(arrays.get("scores").type()).isEqualTo(Datatype.FP64);
        assertThat(arrays.get("scores").real(0)).isEqualTo(1.0 / 3);
        assertThat(arrays.get("scores").real(1)).isEqualTo(-0.0);
    }

    @Test
    void readsOtherTypesThatNumpyHas() {
        Tensor labels = Npz.read(TestRuntime.fixture("int32.npz")).get("labels");
        assertThat(labels.type()).isEqualTo(Datatype.INT32);
        assertThat(labels.whole(1)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(value = Datatype.class, mode = EnumSource.Mode.EXCLUDE, names = "BF16")
    void readsBackWhatItWrites(Datatype type) throws IOException {
        InputSpec spec = new InputSpec("x", type, new long[] {2, 3}, OptionalLong.empty());
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        RandomInputs random = RandomInputs.of(List.of(spec), 1);
        arrays.put("x", random.next().get(0));
        arrays.put("other", random.next().get(0));
        Path file = folder.resolve("arrays.npz");
        Npz.write(file, arrays);
        assertThat(Npz.read(file)).usingRecursiveComparison().isEqualTo(arrays);
    }

    @Test
    void numpyReadsWhatIsWritten() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isExecutable(python));
        Path file = folder.resolve("for numpy.npz");
        Npz.write(
                file,
                Map.of(
                        "codes", new Tensor(Datatype.UINT8, new long[] {1, 3}, new byte[] {0, 1, (byte) 255}),
                        "labels", new Tensor(Datatype.INT32, new long[] {1}, new byte[] {7, 1, 0, 0})));
        Process process = new ProcessBuilder(python.toString(), "-c", """
                        import sys
                        try:
                            import numpy
                        except ImportError:
                            sys.exit(77)
                        f = numpy.load(sys.argv[1])
                        assert f['codes'].dtype == numpy.uint8 and f['codes'].tolist() == [[0, 1, 255]], f['codes']
                        assert f['labels'].dtype == numpy.int32 and f['labels'].tolist() == [263], f['labels']
                        """, file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        org.junit.jupiter.api.Assumptions.assumeTrue(exit != 77, "numpy is not installed");
        assertThat(exit).as(output).isZero();
    }

    @Test
    void numpyHasNoBfloat16() {
        Tensor tensor = new Tensor(Datatype.BF16, new long[] {1}, new byte[2]);
        assertThatExceptionOfType(ModelRuntimeException.class)
                .isThrownBy(() -> Npz.write(folder.resolve("no.npz"), Map.of("x", tensor)))
                .withMessageContaining("no.npz");
    }

    @Test
    void arraysThatCannotBeReadAreNamedWithWhy() throws Exception {
        refused("<u4", "{'descr': '<u4', 'fortran_order': False, 'shape': (1,), }", 4);
        refused("Fortran", "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", 16);
        refused("ends after 16 bytes", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }", 16);
        refused("larger than", "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", 16);
        refused("not understood", "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", 16);
        refused("not understood", "", 16);
    }

    private void refused(String why, String header, int bytes) throws IOException {
        Path file = folder.resolve("odd.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("odd.npy"));
            zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
            zip.write(header.getBytes(StandardCharsets.US_ASCII));
            zip.write(new byte[bytes]);
        }
        assertThatExceptionOfType(ModelRuntimeException.class)
                .isThrownBy(() -> Npz.read(file))
                .withMessageContainingAll("odd.npz: array 'odd'", why);
    }

    @Test
    void otherFilesGiveOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("text.npz"), "no arrays in here");
        Path empty = Files.write(folder.resolve("empty.npz"), new byte[0]);
        Path truncated = folder.resolve("truncated.npz");
        byte[] whole = Files.readAllBytes(TestRuntime.fixture("stored.npz"));
        Files.write(truncated, java.util.Arrays.copyOf(whole, whole.length / 3));
        for (Path file : List.of(text, empty, truncated, folder.resolve("missing.npz"))) {
            assertThatExceptionOfType(ModelRuntimeException.class)
                    .isThrownBy(() -> Npz.read(file))
                    .satisfies(e ->
                            assertThat(e.getMessage()).contains(file.toString()).doesNotContain("\n"));
        }
    }
}
