package io.espalier.surgery.cost;

import io.espalier.surgery.coupling.ParameterDim;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Sums of absolute and squared elements per index along one dimension of a tensor that comes in pieces. Of the weight of a
 * convolution in groups each run of filters has sums of its own, one run's after the other's, as the units come that it
 * reads.
 */
final class SliceSums implements Consumer<ByteBuffer> {
    private final int width;
    private final int size;
    private final long inner;
    private final long outerOfRun;
    private final double[] absolute;
    private final double[] squared;
    private final WeightReader weights;
    // Where the next element belongs: counted on, since a division for each element of a matrix's columns would show.
    private int index;
    private int firstOfRun;
    private long inSlice;
    private long inRun;

    /** {@code runs}: how many equal parts the dimensions before this one fall into, 1 for an ordinary tensor. */
    SliceSums(ParameterDim along, int runs) {
        long[] shape = along.parameter().shape();
        width = along.parameter().type().bytes();
        size = Math.toIntExact(shape[along.dim()]);
        inner = product(Arrays.copyOfRange(shape, along.dim() + 1, shape.length));
        outerOfRun = product(Arrays.copyOfRange(shape, 0, along.dim())) / runs;
        absolute = new double[Math.multiplyExact(size, runs)];
        squared = new double[absolute.length];
        weights = WeightReader.of(along.parameter().type());
    }

    @Override
    public void accept(ByteBuffer piece) {
        int count = piece.remaining() / width;
        int at = 0;
        while (at < count) {
            int end = (int) Math.min(count, at + inner - inSlice);
            inSlice += end - at;
            double sum = 0;
            double squares = 0;
            for (; at < end; at++) {
                double weight = weights.read(piece, at);
                sum += Math.abs(weight);
                squares += weight * weight;
            }
            absolute[firstOfRun + index] += sum;
            squared[firstOfRun + index] += squares;
            if (inSlice == inner) {
                nextSlice();
            }
        }
    }

    private void nextSlice() {
        inSlice = 0;
        index++;
        if (index == size) {
            index = 0;
            inRun++;
            if (inRun == outerOfRun) {
                inRun = 0;
                firstOfRun += size;
            }
        }
    }

    double absolute(int slice) {
        return absolute[slice];
    }

    double squared(int slice) {
        return squared[slice];
    }

    private static long product(long[] sizes) {
        return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
    }
}
