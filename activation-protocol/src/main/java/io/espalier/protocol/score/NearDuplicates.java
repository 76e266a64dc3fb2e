package io.espalier.protocol.score;

import io.espalier.protocol.record.Expressiveness.Duplicate;
import io.espalier.protocol.record.Expressiveness.Redundancy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which units of a shard are active where another one is, too. Units are taken by falling score; each becomes a duplicate of
 * the representative it overlaps most with, or else a representative: so all of a set are like its best unit, and not only
 * like some neighbour in a chain. A unit that never changes is a duplicate of nothing: its score says all there is.
 *
 * <p>With a of the places at which both are active, b and c at which one is: Jaccard overlap {@code a / (a + b + c)}, whose
 * Wilson interval must begin at {@link #LEAST_JACCARD} or above, so that few places prove nothing; and phi, the correlation
 * of the two bits, at least {@link #LEAST_PHI}, since two units that are nearly always active overlap by that alone.
 */
final class NearDuplicates {
    static final double LEAST_JACCARD = 0.9;
    static final double LEAST_PHI = 0.8;

    /** Places of one sample resemble each other: many of few samples prove nothing. */
    static final int LEAST_SAMPLES = 16;

    /**
     * Representatives that a unit is compared with. Each closed pane is compared anew, within a commit that has to end: 11,000
     * units of a transformer's layer are 11 million pairs so, 60 million without. What is nearly the same is active nearly
     * as often, and not among so many others.
     */
    static final int MOST_COMPARED = 1024;

    /** Square of the quantile of a one-sided interval of 97.5 %. */
    private static final double WILSON = 1.959964 * 1.959964;

    private final long[][] rows;
    private final int[] active;
    private final int places;

    private NearDuplicates(int units, int positions, List<CodeSample> samples) {
        this.places = samples.stream().mapToInt(CodeSample::size).sum() * positions;
        this.rows = new long[units][(places + 63) >>> 6];
        int place = 0;
        for (CodeSample some : samples) {
            for (int i = 0; i < some.size(); i++) {
                for (int unit = 0; unit < units; unit++) {
                    copy(some, i, unit * positions, rows[unit], place, positions);
                }
                place += positions;
            }
        }
        this.active = new int[units];
        for (int unit = 0; unit < units; unit++) {
            for (long word : rows[unit]) {
                active[unit] += Long.bitCount(word);
            }
        }
    }

    /**
     * Looks for duplicates.
     *
     * @param panes of the shard
     * @param whole of all the panes together: of equal units, the one of the higher score is the better
     * @return of units counted from the first of the shard; empty while there are too few codes
     */
    static Optional<Redundancy> of(Collection<PaneStatistics> panes, BitCounts whole) {
        List<CodeSample> samples = panes.stream().map(PaneStatistics::codes).toList();
        int size = samples.stream().mapToInt(CodeSample::size).sum();
        if (size < LEAST_SAMPLES) {
            return Optional.empty();
        }
        NearDuplicates units = new NearDuplicates(whole.units(), whole.positions(), samples);
        // In the order of the scores, of which they are all the same multiple.
        return Optional.of(new Redundancy(size, units.duplicates(whole.disagreements())));
    }

    private List<Duplicate> duplicates(long[] scores) {
        List<Duplicate> duplicates = new ArrayList<>();
        UnitsByActivity representatives = new UnitsByActivity(active);
        IntStream.range(0, scores.length)
                .filter(unit -> active[unit] > 0 && active[unit] < places)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(unit -> -scores[unit]))
                .forEach(unit -> nearest(unit, representatives)
                        .ifPresentOrElse(duplicates::add, () -> representatives.add(unit)));
        duplicates.sort(Comparator.comparingInt(Duplicate::unit));
        return List.copyOf(duplicates);
    }

    /** The representative that {@code unit} overlaps most with, of those that it overlaps enough with. */
    private Optional<Duplicate> nearest(int unit, UnitsByActivity representatives) {
        // Where all of the fewer are among the more it is still too little, beyond these: true of nearly all pairs.
        int least = (int) Math.ceil(LEAST_JACCARD * active[unit]);
        int most = (int) (active[unit] / LEAST_JACCARD);
        Duplicate nearest = null;
        for (int other : representatives.around(active[unit], least, most, MOST_COMPARED)) {
            Duplicate duplicate = overlap(unit, other);
            if (duplicate != null && (nearest == null || duplicate.jaccard() > nearest.jaccard())) {
                nearest = duplicate;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Null unless it is large enough. */
    private Duplicate overlap(int unit, int representative) {
        // both / (a + b - both) is J at least where both is J / (1 + J) of a + b at least; one more, for rounding.
        // Most pairs have missed too many within the first words.
        int mostAlone = active[unit]
                - (int) (LEAST_JACCARD / (1 + LEAST_JACCARD) * (active[unit] + active[representative]))
                + 1;
        long alone = 0;
        long[] one = rows[unit];
        long[] other = rows[representative];
        for (int word = 0; word < one.length; word++) {
            alone += Long.bitCount(one[word] & ~other[word]);
            if (alone > mostAlone) {
                return null;
            }
        }
        long both = active[unit] - alone;
        long either = active[unit] + active[representative] - both;
        double jaccard = (double) both / either;
        if (jaccard < LEAST_JACCARD || lowerEnd(jaccard, either) < LEAST_JACCARD) {
            return null;
        }
        double phi = phi(both, active[unit], active[representative]);
        return phi < LEAST_PHI ? null : new Duplicate(unit, representative, jaccard, phi);
    }

    private double phi(long both, long one, long other) {
        double covariance = (double) both * places - (double) one * other;
        return covariance / Math.sqrt((double) one * (places - one) * other * (places - other));
    }

    /** Of Wilson's interval for a share (JASA 22, 1927). */
    private static double lowerEnd(double share, long trials) {
        double middle = share + WILSON / (2 * trials);
        double reach = Math.sqrt(WILSON * (share * (1 - share) / trials + WILSON / (4.0 * trials * trials)));
        return (middle - reach) / (1 + WILSON / trials);
    }

    private static void copy(CodeSample from, int sample, int start, long[] to, int place, int bits) {
        int word = start >>> 6;
        int shift = start & 63;
        long value = from.word(sample, word) >>> shift;
        if (shift + bits > 64) {
            value |= from.word(sample, word + 1) << (64 - shift);
        }
        if (bits < 64) {
            value &= (1L << bits) - 1;
        }
        to[place >>> 6] |= value << (place & 63);
        if ((place & 63) + bits > 64) {
            to[(place >>> 6) + 1] |= value >>> (64 - (place & 63));
        }
    }
}
