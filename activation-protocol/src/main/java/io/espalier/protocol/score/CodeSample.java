package io.espalier.protocol.score;

import io.espalier.protocol.batch.ActivationBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The codes of some samples of a pane, all units of a sample together, so that it can be seen which units say the same.
 * Which samples is a matter of who sent them and in which place: those of the smallest hashes. That is a uniform sample
 * without replacement, the same in whatever order and however often batches arrive (bottom-k sketch: Cohen, Kaplan,
 * "Summarizing data using bottom-k sketches", PODC 2007).
 *
 * <p>State, little-endian: samples (4 bytes), their hashes in ascending order (8 each), their codes in the same order.
 */
final class CodeSample {
    /** That a pane's codes may take, but for samples of which {@link #LEAST} take more. */
    private static final int BYTES = 8 * 1024;

    private static final int LEAST = 4;
    private static final int MOST = 256;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final int words;
    private long[] hashes = new long[LEAST];
    private long[] codes;
    private int size;
    private long largest = Long.MIN_VALUE;

    /** {@code words}: 64-bit words of a sample. */
    CodeSample(int words) {
        this.words = words;
        this.codes = new long[LEAST * words];
    }

    /** Reads {@link #write}; throws {@link IllegalArgumentException} where it did not write. */
    static CodeSample read(ByteBuffer in, int words) {
        CodeSample sample = new CodeSample(words);
        int size = in.remaining() < Integer.BYTES ? -1 : in.getInt();
        if (size < 0 || size > capacity(words) || in.remaining() != (long) size * (1 + words) * Long.BYTES) {
            throw new IllegalArgumentException(
                    "the state of pane statistics is damaged: " + in.remaining() + " bytes for " + size + " codes");
        }
        LongBuffer longs = in.asLongBuffer();
        long[] hashes = new long[size];
        longs.get(hashes);
        for (int i = 0; i < size; i++) {
            sample.append(hashes[i], longs, size + i * words);
        }
        return sample;
    }

    /** Samples that a pane keeps at most. */
    private static int capacity(int words) {
        return Math.max(LEAST, Math.min(MOST, BYTES / (words * Long.BYTES)));
    }

    /** Bytes of the largest state. */
    static long maxBytes(int words) {
        return Integer.BYTES + (long) capacity(words) * (1 + words) * Long.BYTES;
    }

    int size() {
        return size;
    }

    /** A word of the code of sample {@code i}, which are in no order. */
    long word(int i, int word) {
        return codes[i * words + word];
    }

    /**
     * Offers the samples of a batch.
     *
     * @param publisher as in {@link ActivationBatch}
     * @param sequence as in {@link ActivationBatch}
     * @param batch their codes, from 0 to its limit
     */
    void add(String publisher, long sequence, ByteBuffer batch, int samples) {
        LongBuffer longs =
                batch.duplicate().rewind().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        long ofBatch = mix(fnv(publisher) ^ mix(sequence));
        for (int i = 0; i < samples; i++) {
            offer(mix(ofBatch + i), longs, i * words);
        }
    }

    private void offer(long hash, LongBuffer from, int start) {
        if ((size == capacity(words) && hash >= largest) || contains(hash)) {
            return;
        }
        if (size < capacity(words)) {
            append(hash, from, start);
            return;
        }
        int replaced = 0;
        while (hashes[replaced] != largest) {
            replaced++;
        }
        hashes[replaced] = hash;
        from.get(start, codes, replaced * words, words);
        largest = Arrays.stream(hashes, 0, size).max().orElseThrow();
    }

    private void append(long hash, LongBuffer from, int start) {
        if (size == hashes.length) {
            int more = Math.min(capacity(words), 2 * size);
            hashes = Arrays.copyOf(hashes, more);
            codes = Arrays.copyOf(codes, more * words);
        }
        hashes[size] = hash;
        from.get(start, codes, size * words, words);
        size++;
        largest = Math.max(largest, hash);
    }

    /** A batch that came twice is one. */
    private boolean contains(long hash) {
        for (int i = 0; i < size; i++) {
            if (hashes[i] == hash) {
                return true;
            }
        }
        return false;
    }

    int bytes() {
        return Integer.BYTES + size * (1 + words) * Long.BYTES;
    }

    void write(ByteBuffer out) {
        int[] order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingLong(i -> hashes[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        out.putInt(size);
        for (int i : order) {
            out.putLong(hashes[i]);
        }
        for (int i : order) {
            for (int word = 0; word < words; word++) {
                out.putLong(word(i, word));
            }
        }
    }

    /** FNV-1a over the characters. */
    private static long fnv(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): each bit of the input moves each of the output. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
