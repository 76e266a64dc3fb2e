package io.espalier.runtime.latency;

import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Times calls on a machine that does other things too. What disturbs a call only ever adds to it, so the least of many
 * repetitions is the call's own time: medians of operators that take two threads came out twenty times too high beside one
 * busy process, since each thread waits for the other to be scheduled. A call is repeated until its three least times
 * agree within 5 %, or its budget is spent.
 */
public final class RepeatedTiming {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int WARM_UPS = 2;
    private static final int AGREEING = 3;
    private static final double AGREEMENT = 1.05;

    private final LongSupplier nanoTime;
    private final Repetitions repetitions;

    /** How often a call is repeated: {@code enough} nanoseconds in any case, no more than {@code budget}. */
    private record Repetitions(int least, int most, long enough, long budget) {}

    private RepeatedTiming(LongSupplier nanoTime, Repetitions repetitions) {
        this.nanoTime = nanoTime;
        this.repetitions = repetitions;
    }

    /** For thousands of operators: 5 times or more each, for 3 to 50 ms. */
    public static RepeatedTiming ofOperators(LongSupplier nanoTime) {
        return new RepeatedTiming(nanoTime, new Repetitions(5, 200, 3_000_000L, 50_000_000L));
    }

    /** For whole models: 7 times or more each, for 1 to 10 s. */
    public static RepeatedTiming ofModels(LongSupplier nanoTime) {
        return new RepeatedTiming(nanoTime, new Repetitions(7, 400, 1_000_000_000L, 10_000_000_000L));
    }

    /**
     * Times of one call, in milliseconds.
     *
     * @param least what is taken for its time
     * @param median about the same on a quiet machine
     * @param settled whether the three least agree: else the machine left no call alone
     */
    public record Times(double least, double median, boolean settled) {
        private static Times of(double[] ascending) {
            return new Times(ascending[0], ascending[ascending.length / 2], RepeatedTiming.isSettled(ascending));
        }
    }

    /** Two calls that took turns, so that what slowed the machine slowed both. */
    public record Pair(Times first, Times second) {
        /** The share of the first call's time that the second takes. */
        public double share() {
            return second.least() / first.least();
        }
    }

    public Times time(Runnable call) {
        return times(call)[0];
    }

    public Pair compare(Runnable first, Runnable second) {
        Times[] times = times(first, second);
        return new Pair(times[0], times[1]);
    }

    private Times[] times(Runnable... calls) {
        for (int i = 0; i < WARM_UPS; i++) {
            Arrays.stream(calls).forEach(Runnable::run);
        }
        double[][] ascending = new double[calls.length][0];
        long spent = 0;
        while (goesOn(ascending, spent)) {
            for (int call = 0; call < calls.length; call++) {
                long start = nanoTime.getAsLong();
                calls[call].run();
                long taken = nanoTime.getAsLong() - start;
                spent += taken;
                ascending[call] = with(ascending[call], taken / NANOS_PER_MILLI);
            }
        }
        return Arrays.stream(ascending).map(Times::of).toArray(Times[]::new);
    }

    private boolean goesOn(double[][] ascending, long spent) {
        int count = ascending[0].length;
        if (count < repetitions.least() || spent < repetitions.enough()) {
            return count < repetitions.most();
        }
        return !Arrays.stream(ascending).allMatch(RepeatedTiming::isSettled)
                && count < repetitions.most()
                && spent < repetitions.budget();
    }

    private static boolean isSettled(double[] ascending) {
        return ascending[AGREEING - 1] <= ascending[0] * AGREEMENT;
    }

    private static double[] with(double[] ascending, double time) {
        double[] more = Arrays.copyOf(ascending, ascending.length + 1);
        more[ascending.length] = time;
        Arrays.sort(more);
        return more;
    }
}
