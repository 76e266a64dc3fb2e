package io.espalier.surgery.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
    /** Values of the NIST Digital Library of Mathematical Functions' tables and of C's erf. */
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.1, 0.1124629160182849",
        "0.5, 0.5204998778130465",
        "1, 0.8427007929497149",
        "2, 0.9953222650189527",
        "3.5, 0.9999992569016276",
        "5.9, 1",
        "40, 1"
    })
    void isOddAndAsTabulated(double x, double expected) {
        assertThat(ErrorFunction.erf(x)).isCloseTo(expected, within(1e-14));
        assertThat(ErrorFunction.erf(-x)).isCloseTo(-expected, within(1e-14));
    }
}
