package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.espalier.protocol.Datatype;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RandomInputsTest {
    private static final long[] SHAPE = {1, 4000};

    @ParameterizedTest
    @CsvSource({
        "INT64, 30, 29",
        "INT32, 30, 29",
        "UINT8, 30, 29",
        "UINT8, 0, 255",
        "INT64, 0, 1",
        "BOOL, 0, 1",
        "BOOL, 9, 1"
    })
    void wholeNumbersTakeAllValuesBelowTheLimit(Datatype type, long limit, long largest) {
        Tensor tensor = next(type, limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit));
        LongStream values = IntStream.range(0, tensor.size()).mapToLong(tensor::whole);
        assertThat(values.distinct().sorted().toArray())
                .isEqualTo(LongStream.rangeClosed(0, largest).toArray());
    }

    @ParameterizedTest
    @EnumSource(names = {"FP16", "BF16", "FP32", "FP64"})
    void floatingTypesAreStandardNormal(Datatype type) {
        Tensor tensor = next(type, OptionalLong.empty());
        double mean = IntStream.range(0, tensor.size())
                .mapToDouble(tensor::real)
                .average()
                .orElseThrow();
        double square = IntStream.range(0, tensor.size())
                .mapToDouble(i -> tensor.real(i) * tensor.real(i))
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(-0.1, 0.1);
        assertThat(square).isBetween(0.9, 1.1);
    }

    @Test
    void aFloatingInputThatIsLookedUpByHoldsWholeNumbers() {
        Tensor tensor = next(Datatype.FP32, OptionalLong.of(7));
        assertThat(IntStream.range(0, tensor.size()).mapToDouble(tensor::real))
                .allMatch(value -> value == Math.rint(value) && value >= 0 && value < 7);
    }

    @Test
    void theSameSeedGivesTheSameInputs() {
        List<InputSpec> specs = List.of(new InputSpec("x", Datatype.FP16, SHAPE, OptionalLong.empty()));
        Tensor one = RandomInputs.of(specs, 3).next().get(0);
        assertThat(RandomInputs.of(specs, 3).next().get(0).sameBits(one)).isTrue();
        assertThat(RandomInputs.of(specs, 4).next().get(0).sameBits(one)).isFalse();
    }

    @Test
    void shapesAndTypesAreReadAsUsersWriteThem() {
        assertThat(InputShapes.parse("1,3,8; 1,16:int64").inputs())
                .extracting(InputShape::toString)
                .containsExactly("1,3,8", "1,16:int64");
        assertThat(InputShape.parse("1,4:half").type()).contains(Datatype.FP16);
        assertThat(InputShape.parse("1,4:FP16").type()).contains(Datatype.FP16);
        for (String wrong : List.of("", "1,x", "1,,2", "0,3", "1,3:", "1,3:int65", ";")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> InputShapes.parse(wrong))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
        }
    }

    @Test
    void numbersThatATypeCannotHoldAreRefused() {
        for (Datatype type : List.of(Datatype.UINT8, Datatype.INT8, Datatype.BOOL, Datatype.INT16, Datatype.INT32)) {
            TensorBuilder builder = new TensorBuilder(type, 1);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.add(1L << 40))
                    .withMessageContaining(type.name());
            assertThatIllegalArgumentException().isThrownBy(() -> builder.add(0.5));
            assertThat(builder.size()).isZero();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new TensorBuilder(Datatype.UINT8, 1).add(-1L));
    }

    private static Tensor next(Datatype type, OptionalLong limit) {
        return RandomInputs.of(List.of(new InputSpec("x", type, SHAPE, limit)), 1)
                .next()
                .get(0);
    }
}
