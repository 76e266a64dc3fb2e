package io.espalier.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.surgery.refit.HeapAlgebra;
import io.espalier.surgery.refit.LinearAlgebra;
import io.espalier.surgery.refit.Matrix;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That the engine computes what Java does. */
class EngineAlgebraIT {
    @RegisterExtension
    static final TestRuntime ENGINE = new TestRuntime();

    private static Matrix random(LinearAlgebra algebra, long seed, int rows, int columns) {
        double[] values = new Random(seed).doubles((long) rows * columns, -1, 1).toArray();
        return algebra.of(rows, columns, buffer -> buffer.put(values));
    }

    /** AssertJ's own comparison takes the square of a matrix's size. */
    private static double largestDifference(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        return IntStream.range(0, actual.length)
                .mapToDouble(i -> Math.abs(actual[i] - expected[i]))
                .reduce(0, (largest, difference) -> difference <= largest ? largest : difference);
    }

    /** What becomes of a matrix of these sizes. */
    private static void agree(int rows, int columns, BiConsumer<LinearAlgebra, Matrix> change) {
        LinearAlgebra java = new HeapAlgebra();
        try (LinearAlgebra engine = new EngineAlgebra(ENGINE.runtime());
                Matrix expected = random(java, 1, rows, columns);
                Matrix actual = random(engine, 1, rows, columns)) {
            change.accept(java, expected);
            change.accept(engine, actual);
            assertThat(largestDifference(actual.values(), expected.values())).isLessThan(1e-9);
        }
    }

    @Test
    void productsAreAddedInPlace() {
        agree(7, 5, (algebra, into) -> {
            into.addScaled(-0.5, random(algebra, 2, 7, 5));
            into.addProduct(2, random(algebra, 3, 7, 4), random(algebra, 4, 4, 5));
            into.addTransposeProduct(-3, random(algebra, 5, 9, 7), random(algebra, 6, 9, 5));
        });
    }

    @Test
    void columnsAreReadWhereTheyAre() {
        agree(4, 6, (algebra, into) -> {
            try (Matrix wide = random(algebra, 2, 9, 20);
                    Matrix left = wide.columns(3, 7);
                    Matrix right = wide.columns(14, 20)) {
                into.addTransposeProduct(1, left, right);
                assertThat(left.rows()).isEqualTo(9);
                assertThat(left.columns()).isEqualTo(4);
            }
        });
    }

    /** So many features that a product is made of several blocks, the last of them smaller. */
    @Test
    void aProductWithItselfIsWholeOnceMirrored() {
        int features = 1100;
        LinearAlgebra java = new HeapAlgebra();
        try (LinearAlgebra engine = new EngineAlgebra(ENGINE.runtime())) {
            Matrix expected = java.zeros(features, features);
            Matrix actual = engine.zeros(features, features);
            for (int seed = 2; seed < 4; seed++) {
                Matrix rows = random(java, seed, 13, features + 1);
                expected.addTransposeProduct(1, rows.columns(0, features), rows.columns(0, features));
                actual.addGram(random(engine, seed, 13, features + 1).columns(0, features));
            }
            actual.mirror();
            assertThat(largestDifference(actual.values(), expected.values())).isLessThan(1e-9);
        }
    }

    @Test
    void equationsAreSolvedFromTheLowerTriangle() {
        int features = 700;
        LinearAlgebra java = new HeapAlgebra();
        try (LinearAlgebra engine = new EngineAlgebra(ENGINE.runtime())) {
            double[][] solutions = IntStream.range(0, 2)
                    .mapToObj(i -> {
                        LinearAlgebra algebra = i == 0 ? java : engine;
                        Matrix sums = algebra.zeros(features, features);
                        sums.addGram(random(algebra, 2, 900, features));
                        sums.addToDiagonal(0.5);
                        return sums.solve(random(algebra, 3, features, 4)).values();
                    })
                    .toArray(double[][]::new);
            assertThat(largestDifference(solutions[1], solutions[0])).isLessThan(1e-8);
        }
    }

    @Test
    void whatIsNotPositiveDefiniteHasNoSolution() {
        try (LinearAlgebra engine = new EngineAlgebra(ENGINE.runtime())) {
            Matrix negative = engine.zeros(3, 3);
            negative.addToDiagonal(-1);
            assertThat(negative.solve(engine.zeros(3, 1))).isNull();
        }
    }

    @Test
    void partsAndSumsAreThoseOfTheNumbers() {
        LinearAlgebra java = new HeapAlgebra();
        try (LinearAlgebra engine = new EngineAlgebra(ENGINE.runtime())) {
            Matrix expected = random(java, 1, 8, 8);
            Matrix actual = random(engine, 1, 8, 8);
            assertThat(actual.sumOfSquares()).isCloseTo(expected.sumOfSquares(), within(1e-12));
            assertThat(actual.diagonal()).isEqualTo(expected.diagonal());
            int[] rows = {5, 0, 2};
            int[] columns = {7, 1};
            assertThat(actual.part(rows, columns).values())
                    .isEqualTo(expected.part(rows, columns).values());
            Matrix copy = actual.copy();
            copy.addToDiagonal(1);
            assertThat(actual.values()).isEqualTo(expected.values());
        }
    }
}
