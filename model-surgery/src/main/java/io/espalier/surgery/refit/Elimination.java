package io.espalier.surgery.refit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * The order in which units go when each time the one goes that is missed least once the weights of those that stay were
 * refitted: backward elimination in the sense of the optimal brain surgeon (Hassibi and Stork, NeurIPS 1992), with a unit
 * for a weight. Of two units that say the same one goes early, and the other becomes dear.
 *
 * <p>For a layer with the covariances {@code C} of its channels and weights {@code W}, removing channel {@code c} costs
 * {@code |W_c|^2 / [C^-1]_cc}; then {@code W_u -= W_c [C^-1]_uc / [C^-1]_cc} and {@code C^-1} loses its row and column. Only
 * {@code W W'} is kept of the weights. {@code C} gets {@value #RIDGE} of its mean diagonal, as the refit has a penalty.
 */
public final class Elimination {
    private static final double RIDGE = 1e-3;

    private final List<Reader> readers;
    private final int units;

    /**
     * A layer that reads the units.
     *
     * @param covariances of its channels, row-major [channels][channels]
     * @param products of the weights that read any two channels, summed over outputs and offsets, row-major, in units of
     *     what the layer gives
     * @param channels for each unit, the channels that are it; of other channels there may be any number
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Reader(double[] covariances, double[] products, List<int[]> channels) {}

    /** {@code readers}: one or more, all of the same units. */
    public Elimination(List<Reader> readers) {
        this.readers = List.copyOf(readers);
        this.units = readers.get(0).channels().size();
    }

    /**
     * What each unit costs at its turn, as a share of all that its readers compute from their channels' variances; made to
     * rise along the order, so that a unit which goes later has a higher number.
     */
    public double[] costs() {
        List<State> states = readers.stream().map(State::new).toList();
        double whole = states.stream().mapToDouble(State::signal).sum();
        double[] costs = new double[units];
        List<Integer> left = new ArrayList<>(IntStream.range(0, units).boxed().toList());
        double before = 0;
        for (int turn = 1; !left.isEmpty(); turn++) {
            int cheapest = left.get(0);
            double least = Double.POSITIVE_INFINITY;
            for (int unit : left) {
                double cost = 0;
                for (State state : states) {
                    cost += state.cost(unit);
                }
                if (cost < least) {
                    least = cost;
                    cheapest = unit;
                }
            }
            int gone = cheapest;
            left.remove(Integer.valueOf(gone));
            states.forEach(state -> state.remove(gone));
            before = Math.max(before, whole > 0 ? least / whole : 0);
            // Equal costs keep the order in which they were found.
            costs[gone] = before + turn * 1e-12;
        }
        return costs;
    }

    /** What is left of a reader. */
    private static final class State {
        private final int size;
        private final List<int[]> channels;
        private final double[] inverse;
        private final double[] products;
        private final double signal;

        State(Reader reader) {
            channels = reader.channels();
            products = reader.products().clone();
            size = (int) Math.round(Math.sqrt(products.length));
            double[] covariances = reader.covariances().clone();
            double trace = 0;
            double sum = 0;
            for (int c = 0; c < size; c++) {
                trace += covariances[c * size + c];
                sum += covariances[c * size + c] * products[c * size + c];
            }
            signal = sum;
            double penalty = trace > 0 ? RIDGE * trace / size : 1;
            for (int c = 0; c < size; c++) {
                covariances[c * size + c] += penalty;
            }
            inverse = inverse(covariances, size);
        }

        private static double[] inverse(double[] matrix, int size) {
            LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(size);
            DMatrixRMaj inverse = new DMatrixRMaj(size, size);
            if (!solver.setA(DMatrixRMaj.wrap(size, size, matrix))) {
                // Rounding made a covariance of it that is none: then no channel says anything of another.
                IntStream.range(0, size).forEach(c -> inverse.set(c, c, 1));
                return inverse.data;
            }
            solver.invert(inverse);
            return inverse.data;
        }

        double signal() {
            return signal;
        }

        /** Of channels that go together, the sum of what each costs alone: at most a little too much. */
        double cost(int unit) {
            double cost = 0;
            for (int c : channels.get(unit)) {
                cost += products[c * size + c] / inverse[c * size + c];
            }
            return cost;
        }

        void remove(int unit) {
            for (int c : channels.get(unit)) {
                removeChannel(c);
            }
        }

        private void removeChannel(int gone) {
            double own = inverse[gone * size + gone];
            double[] column = new double[size];
            double[] read = new double[size];
            for (int c = 0; c < size; c++) {
                column[c] = inverse[c * size + gone] / own;
                read[c] = products[c * size + gone];
            }
            double square = read[gone];
            for (int a = 0; a < size; a++) {
                double factor = column[a];
                double share = read[a] - factor * square;
                for (int b = 0; b < size; b++) {
                    int at = a * size + b;
                    inverse[at] -= factor * column[b] * own;
                    products[at] -= share * column[b] + factor * read[b];
                }
            }
            for (int c = 0; c < size; c++) {
                inverse[gone * size + c] = 0;
                inverse[c * size + gone] = 0;
                products[gone * size + c] = 0;
                products[c * size + gone] = 0;
            }
            // It is not asked for again; a number keeps what divides by it finite.
            inverse[gone * size + gone] = 1;
        }
    }
}
