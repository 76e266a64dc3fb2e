package io.espalier.sidecar.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.Datatype;
import io.espalier.runtime.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {
    private final RequestReader reader = new RequestReader();

    @Test
    void readsWhatTheProtocolHas() {
        InferenceRequest request = read("""
                {"id": "42", "parameters": {"priority": 1, "nested": {"a": [1]}},
                 "inputs": [
                   {"data": [1, 2.5, -3e-2, 4], "shape": [2, 2], "datatype": "FP32", "name": "x",
                    "parameters": {"binary_data": false}},
                   {"name": "y", "datatype": "INT64", "shape": [1], "data": [7]}],
                 "outputs": [{"name": "output_0", "parameters": {}}], "later_field": [[]]}""");
        assertThat(request.id()).isEqualTo("42");
        assertThat(request.outputs()).containsExactly("output_0");
        assertThat(request.inputs()).extracting(InferenceRequest.Input::name).containsExactly("x", "y");
        Tensor x = request.inputs().get(0).tensor();
        assertThat(x.sameBits(Tensor.ofFloats(new long[] {2, 2}, 1f, 2.5f, -0.03f, 4f)))
                .isTrue();
        Tensor y = request.inputs().get(1).tensor();
        assertThat(y.sameBits(Tensor.ofLongs(new long[] {1}, 7))).isTrue();
    }

    @Test
    void nestedDataIsRowMajor() {
        InferenceRequest request = read("""
                {"inputs": [{"name": "x", "datatype": "FP32", "shape": [2, 1, 3], "data": [[[1, 2, 3]], [[4, 5, 6]]]}]}""");
        assertThat(request.inputs().get(0).tensor().reals()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Property(tries = 200)
    void everyFiniteFloatKeepsItsBits(@ForAll @Size(min = 1, max = 50) List<Float> values) {
        InferenceRequest request = read("{\"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"shape\": ["
                + values.size() + "], \"data\": " + values + "}]}");
        float[] read = request.inputs().get(0).tensor().toFloats().data();
        assertThat(IntStream.range(0, read.length).mapToObj(i -> Float.floatToRawIntBits(read[i])))
                .containsExactlyElementsOf(
                        values.stream().map(Float::floatToRawIntBits).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    INT64  | [-9223372036854775808, 9007199254740993] | [-9223372036854775808, 9007199254740993]
                    INT32  | [-2147483648, 2147483647]                | [-2147483648, 2147483647]
                    INT16  | [-32768, 32767]                          | [-32768, 32767]
                    INT8   | [-128, 127]                              | [-128, 127]
                    UINT8  | [0, 255]                                 | [0, 255]
                    BOOL   | [true, false, 1, 0]                      | [1, 0, 1, 0]
                    """)
    void wholeNumbersAreExact(Datatype type, String data, String expected) {
        Tensor tensor = read(type, data);
        assertThat(tensor.type()).isEqualTo(type);
        assertThat(Arrays.toString(tensor.wholes())).isEqualTo(expected);
    }

    @Test
    void otherFloatingTypesAreRounded() {
        assertThat(read(Datatype.FP64, "[0.1, 1e300]").reals()).containsExactly(0.1, 1e300);
        assertThat(read(Datatype.FP16, "[0.1, 65519]").reals()).containsExactly(0.0999755859375, 65504);
        assertThat(read(Datatype.BF16, "[0.1, -3]").reals()).containsExactly(0.10009765625, -3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    INT64 | 9223372036854775808 | that INT64 cannot
                    INT64 | 1.5                 | that INT64 cannot
                    INT64 | true                | where a number should be
                    INT8  | 128                 | that INT8 cannot
                    UINT8 | -1                  | that UINT8 cannot
                    BOOL  | 2                   | that BOOL cannot
                    BOOL  | null                | where a truth value should be
                    FP16  | 65520               | that FP16 cannot
                    BF16  | 3.4e38              | that BF16 cannot
                    FP64  | 1e309               | that FP64 cannot
                    """)
    void numbersThatTheirTypeCannotHoldAreRejected(Datatype type, String number, String message) {
        assertThatExceptionOfType(RejectedRequestException.class)
                .isThrownBy(() -> read(type, "[" + number + "]"))
                .withMessageContaining(message);
    }

    private Tensor read(Datatype type, String data) {
        int size = data.split(",").length;
        return read("{\"inputs\": [{\"name\": \"x\", \"datatype\": \"" + type + "\", \"shape\": [" + size
                        + "], \"data\": " + data + "}]}")
                .inputs()
                .get(0)
                .tensor();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    [1]                                      | the body is no JSON object
                    {"inputs": [}                            | the body is no JSON
                    {"inputs": [                             | the body is no JSON
                    nonsense                                 | the body is no JSON
                    {} {}                                    | goes on after
                    {"inputs": 1}                            | 'inputs' is not an array
                    {"inputs": [1]}                          | 'inputs' holds what is no object
                    {"id": 5}                                | the id is not a string
                    {"inputs": [{}]}                         | an input has no name
                    {"inputs": [{"name": "x"}]}              | input 'x' has no datatype
                    {"inputs": [{"name": "x", "datatype": "FP32"}]} | input 'x' has no shape
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1]}]} | input 'x' has no data
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1.5], "data": [1]}]} | no whole number
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [0], "data": []}]} | sizes of 1 or more
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [99999, 99999], "data": [1]}]} | fewer than 2^31
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 99999999999999999999], "data": [1]}]} | the body is no JSON
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [2], "data": [1]}]} | has 1 numbers
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [4], "data": [[1, 2], [3, 4]]}]} | in lists of [2, 2]
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [2, 2], "data": [[1, 2], [3]]}]} | lists of 2 and of 1
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [2], "data": [[1], 2]}]} | different levels
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": [null]}]} | where a number should be
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": ["1"]}]} | where a number should be
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": [NaN]}]} | the body is no JSON
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": [1e39]}]} | that FP32 cannot
                    {"inputs": [{"name": "x", "datatype": "FP32", "shape": [1], "data": 5}]} | is not an array
                    {"inputs": [{"data": 5, "name": "x", "datatype": "FP32", "shape": [1]}]} | is not an array
                    {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["a"]}]} | datatype 'BYTES' is not taken here
                    """)
    void whatCannotBeMeantIsRejectedInOneLine(String body, String message) {
        assertThatExceptionOfType(RejectedRequestException.class)
                .isThrownBy(() -> read(body))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void deepNestingIsRejectedBeforeItFillsTheStack() {
        String deep = "[".repeat(5000);
        assertThatExceptionOfType(RejectedRequestException.class)
                .isThrownBy(() -> read("{\"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"data\": " + deep))
                .withMessageContaining("nested deeper");
        assertThatExceptionOfType(RejectedRequestException.class).isThrownBy(() -> read("{\"parameters\": " + deep));
        assertThatExceptionOfType(RejectedRequestException.class)
                .isThrownBy(() -> read("{\"inputs\": [{\"data\": " + deep));
    }

    private InferenceRequest read(String body) {
        return reader.read(body.getBytes(StandardCharsets.UTF_8));
    }
}
