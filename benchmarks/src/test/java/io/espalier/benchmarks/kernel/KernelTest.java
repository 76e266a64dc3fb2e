package io.espalier.benchmarks.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class KernelTest {
    @Property(tries = 50)
    void allContendersCountTheSame(
            @ForAll @IntRange(min = 1, max = 5) int words,
            @ForAll @IntRange(min = 1, max = 80) int samples,
            @ForAll @IntRange(min = 1, max = 3) int batches) {
        int bits = 64 * words;
        RandomCodes codes = new RandomCodes(bits, 0.3, samples);
        List<PositionCounts> contenders = Arrays.stream(Kernel.values())
                .map(kernel -> kernel.counts(bits))
                .toList();
        int[] expected = new int[bits];
        for (int batch = 0; batch < batches; batch++) {
            byte[] next = codes.next();
            contenders.forEach(contender -> contender.add(next, samples));
            for (int bit = 0; bit < samples * bits; bit++) {
                expected[bit % bits] += (next[bit / 8] >>> (bit % 8)) & 1;
            }
        }
        assertThat(contenders)
                .allSatisfy(contender -> assertThat(contender.counts()).isEqualTo(expected));
    }
}
