package io.espalier.sidecar.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.espalier.protocol.record.ModelDescriptor.Input;
import io.espalier.runtime.FloatTensor;
import io.espalier.runtime.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelSignatureTest {
    private final ModelSignature signature = new ModelSignature(
            List.of(new Input("image", "FP32", List.of(1L, 3L)), new Input("scale", "FP32", List.of(1L, 1L))),
            List.of(Tensor.ofFloats(new long[] {1, 5}, new float[5]), Tensor.ofFloats(new long[] {1}, 0)));

    @Test
    void inputsComeInTheModelsOrderWhateverOrderTheyAreGivenIn() {
        ModelSignature.Arguments arguments = signature.arguments(List.of(tensor("scale", 2, 1), tensor("image", 2, 3)));
        assertThat(arguments.rows()).isEqualTo(2);
        assertThat(arguments.tensors().get(0).shape()).containsExactly(2, 3);
        assertThat(arguments.tensors().get(1).shape()).containsExactly(2, 1);
    }

    @Test
    void outputsAreChosenByName() {
        assertThat(signature.places(List.of())).containsExactly(0, 1);
        assertThat(signature.places(List.of("output_1"))).containsExactly(1);
        rejected(() -> signature.places(List.of("logits")), "no output 'logits'", "output_0", "output_1");
    }

    @Test
    void inputsTheModelDoesNotTakeAreNamed() {
        rejected(() -> signature.arguments(List.of(tensor("image", 1, 3))), "'scale' is missing", "[image, scale]");
        rejected(() -> signature.arguments(List.of(tensor("image", 1, 3), tensor("image", 1, 3))), "'image'", "twice");
        rejected(
                () -> signature.arguments(List.of(tensor("image", 1, 3), tensor("scale", 1, 1), tensor("x", 1, 1))),
                "no input 'x'");
        rejected(() -> signature.arguments(List.of(tensor("image", 1, 4), tensor("scale", 1, 1))), "[1, 4]", "[-1, 3]");
        rejected(() -> signature.arguments(List.of(tensor("image", 3), tensor("scale", 1, 1))), "[3]", "[-1, 3]");
        rejected(
                () -> signature.arguments(List.of(tensor("image", 2, 3), tensor("scale", 1, 1))),
                "different first dimensions");
        rejected(
                () -> signature.arguments(List.of(
                        new InferenceRequest.Input("image", Tensor.ofLongs(new long[] {1, 3}, 1, 2, 3)),
                        tensor("scale", 1, 1))),
                "datatype INT64");
    }

    private static InferenceRequest.Input tensor(String name, long... shape) {
        return new InferenceRequest.Input(name, Tensor.ofFloats(shape, new float[(int) FloatTensor.elements(shape)]));
    }

    private static void rejected(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... parts) {
        assertThatExceptionOfType(RejectedRequestException.class)
                .isThrownBy(call)
                .withMessageContainingAll(parts);
    }
}
