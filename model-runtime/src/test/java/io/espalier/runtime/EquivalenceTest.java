package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class EquivalenceTest {
    private final Equivalence equivalence = new Equivalence();

    @Test
    void theErrorIsTheLargestDifferenceOverTheLargestValueOfAllInputs() {
        equivalence.compare(List.of(vector(1, 2.5f)), List.of(vector(1, 2)));
        equivalence.compare(List.of(vector(-8, 1)), List.of(vector(-8, 1)));
        assertThat(equivalence.maxRelativeError()).isEqualTo(0.5 / 8);
    }

    @Test
    void eachOutputIsHeldAgainstItsOwnSize() {
        equivalence.compare(List.of(vector(1000), vector(1.5f)), List.of(vector(1000), vector(1)));
        assertThat(equivalence.maxRelativeError()).isEqualTo(0.5);
    }

    @Test
    void nothingComparedIsNoEvidence() {
        assertThatIllegalStateException().isThrownBy(equivalence::maxRelativeError);
    }

    @Test
    void equalInfinitiesAreEqual() {
        equivalence.compare(List.of(vector(Float.NEGATIVE_INFINITY, 1)), List.of(vector(Float.NEGATIVE_INFINITY, 1)));
        assertThat(equivalence.maxRelativeError()).isZero();
    }

    @Test
    void whatCannotBeComparedIsInfinitelyFar() {
        assertThat(error(vector(Float.NaN), vector(1))).isInfinite();
        assertThat(error(vector(1), Tensor.ofLongs(new long[] {1}, 1))).isInfinite();
        assertThat(error(vector(1), vector(Float.NaN))).isInfinite();
        assertThat(error(vector(1), vector(Float.POSITIVE_INFINITY))).isInfinite();
        assertThat(error(vector(1, 2), vector(1))).isInfinite();
        assertThat(error(vector(1), vector(0))).isInfinite();
    }

    @Test
    void noNumberInTheSamePlaceIsNoDifferenceAndNoProof() {
        equivalence.compare(List.of(vector(Float.NaN, 2.5f)), List.of(vector(Float.NaN, 2)));
        assertThat(equivalence.maxRelativeError()).isEqualTo(0.25);
        equivalence.compare(List.of(vector(Float.NaN, Float.NaN)), List.of(vector(Float.NaN, Float.NaN)));
        assertThat(equivalence.maxRelativeError()).isEqualTo(0.25);
        assertThat(error(vector(Float.NaN), vector(Float.NaN))).isInfinite();
        Equivalence one = new Equivalence();
        one.compare(List.of(vector(1), vector(Float.NaN)), List.of(vector(1), vector(Float.NaN)));
        assertThat(one.maxRelativeError())
                .as("an output that was never a number")
                .isInfinite();
    }

    @Test
    void outputsThatAreExactlyZeroAreEqual() {
        assertThat(error(vector(0, 0), vector(0, -0f))).isZero();
    }

    @Test
    void wholeNumbersDifferByTheShareOfThoseThatDiffer() {
        long[] shape = {4};
        equivalence.compare(List.of(Tensor.ofLongs(shape, 1, 2, 3, 400)), List.of(Tensor.ofLongs(shape, 1, 2, 3, 4)));
        equivalence.compare(List.of(Tensor.ofLongs(shape, 1, 2, 3, 4)), List.of(Tensor.ofLongs(shape, 1, 2, 3, 4)));
        assertThat(equivalence.maxRelativeError()).isEqualTo(0.125);
    }

    @Test
    void outputsWithoutElementsProveNothing() {
        assertThat(error(vector(), vector())).isInfinite();
        Equivalence boxes = new Equivalence();
        boxes.compare(List.of(vector(1), vector()), List.of(vector(1), vector()));
        assertThat(boxes.maxRelativeError()).isZero();
    }

    @Test
    void aLaterGoodInputDoesNotHideAnEarlierBadOne() {
        equivalence.compare(List.of(vector(1, 2)), List.of(vector(1)));
        equivalence.compare(List.of(vector(1)), List.of(vector(1)));
        assertThat(equivalence.maxRelativeError()).isInfinite();
    }

    private static double error(Tensor actual, Tensor expected) {
        Equivalence one = new Equivalence();
        one.compare(List.of(actual), List.of(expected));
        return one.maxRelativeError();
    }

    private static Tensor vector(float... values) {
        return Tensor.ofFloats(new long[] {values.length}, values);
    }
}
