package io.espalier.protocol.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class CodeSampleTest {
    private static final int WORDS = 3;

    /** Each sample's code is its own number, so that it can be told which were kept. */
    private record Batch(String publisher, long sequence, long first, int samples) {
        ByteBuffer codes() {
            ByteBuffer codes = ByteBuffer.allocate(samples * WORDS * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < samples; i++) {
                codes.putLong(first + i).putLong(-first - i).putLong(0);
            }
            return codes;
        }
    }

    private static List<Batch> batches(Random random, int count) {
        List<Batch> batches = new ArrayList<>();
        long first = 0;
        for (int i = 0; i < count; i++) {
            int samples = 1 + random.nextInt(40);
            batches.add(new Batch("publisher-" + i % 3, i / 3, first, samples));
            first += samples;
        }
        return batches;
    }

    private static CodeSample sampled(List<Batch> batches) {
        CodeSample sample = new CodeSample(WORDS);
        batches.forEach(batch -> sample.add(batch.publisher, batch.sequence, batch.codes(), batch.samples));
        return sample;
    }

    private static byte[] bytes(CodeSample sample) {
        ByteBuffer out = ByteBuffer.allocate(sample.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        sample.write(out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }

    private static CodeSample read(byte[] bytes) {
        return CodeSample.read(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), WORDS);
    }

    @Property(tries = 100)
    void theSameSamplesAreKeptInWhateverOrderAndHoweverOftenTheyCome(@ForAll long seed) {
        Random random = new Random(seed);
        List<Batch> batches = batches(random, 1 + random.nextInt(40));
        byte[] expected = bytes(sampled(batches));
        List<Batch> again = new ArrayList<>(batches);
        again.addAll(batches.subList(0, random.nextInt(batches.size() + 1)));
        Collections.shuffle(again, random);
        assertThat(bytes(sampled(again))).isEqualTo(expected);
    }

    @Property(tries = 50)
    void goesOnFromItsBytesAsIfItHadNeverBeenAway(@ForAll long seed) {
        Random random = new Random(seed);
        List<Batch> batches = batches(random, 30);
        CodeSample first = read(bytes(sampled(batches.subList(0, 10))));
        batches.subList(10, 30)
                .forEach(batch -> first.add(batch.publisher, batch.sequence, batch.codes(), batch.samples));
        assertThat(bytes(first)).isEqualTo(bytes(sampled(batches)));
    }

    @Test
    void allSamplesAreKeptWithTheirCodesWhileTheyFit() {
        CodeSample sample = sampled(List.of(new Batch("p", 0, 1, 200)));
        assertThat(IntStream.range(0, sample.size()).mapToLong(i -> sample.word(i, 0)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 200).mapToObj(i -> (long) i).toList());
        assertThat(IntStream.range(0, sample.size()).allMatch(i -> sample.word(i, 0) == -sample.word(i, 1)))
                .isTrue();
    }

    /** 256 of 10,000, again and again: each tenth of the stream has its tenth of them. */
    @Test
    void eachPartOfTheTrafficHasItsShare() {
        int[] tenths = new int[10];
        for (int run = 0; run < 40; run++) {
            CodeSample sample = new CodeSample(1);
            for (int batch = 0; batch < 100; batch++) {
                ByteBuffer codes = ByteBuffer.allocate(100 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < 100; i++) {
                    codes.putLong(batch);
                }
                sample.add("run" + run, batch, codes, 100);
            }
            assertThat(sample.size()).isEqualTo(256);
            IntStream.range(0, 256).forEach(i -> tenths[(int) sample.word(i, 0) / 10]++);
        }
        // Binomial: 1,024 of 10,240, a standard deviation of 30.
        assertThat(Arrays.stream(tenths).asDoubleStream().toArray())
                .containsExactly(IntStream.range(0, 10).mapToDouble(i -> 1024).toArray(), within(140.0));
    }

    @Test
    void ofFatCodesFourAreKeptAndOfThinOnes256() {
        assertThat(CodeSample.maxBytes(1600)).isEqualTo(4 + 4 * 8 * 1601);
        assertThat(CodeSample.maxBytes(1)).isEqualTo(4 + 256 * 16);
        assertThat(CodeSample.maxBytes(16)).isEqualTo(4 + 64 * 8 * 17);
    }

    @Test
    void refusesBytesThatItDidNotWrite() {
        byte[] bytes = bytes(sampled(List.of(new Batch("p", 0, 1, 5))));
        byte[] more = bytes.clone();
        more[0] = 6;
        byte[] huge = bytes.clone();
        huge[3] = 0x7F;
        for (byte[] damaged : List.of(Arrays.copyOf(bytes, 3), Arrays.copyOf(bytes, bytes.length - 1), more, huge)) {
            assertThatThrownBy(() -> read(damaged))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is damaged");
        }
    }
}
