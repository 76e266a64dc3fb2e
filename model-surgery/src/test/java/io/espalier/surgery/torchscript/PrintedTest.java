package io.espalier.surgery.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PrintedTest {
    @Property
    void aNumberReadsBackAsTheSameBits(@ForAll double number) {
        assertThat(Double.doubleToLongBits(Double.parseDouble(Printed.constant(number))))
                .isEqualTo(Double.doubleToLongBits(number));
    }

    @Test
    void namesThatAreNoIdentifiersAreFetchedByName() {
        assertThat(Printed.attribute(List.of("layer1", "0"), "weight")).isEqualTo("getattr(self.layer1, \"0\").weight");
        assertThat(Printed.attribute(List.of("in"), "weight")).isEqualTo("getattr(self, \"in\").weight");
    }
}
