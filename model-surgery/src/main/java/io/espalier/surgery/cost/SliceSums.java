package io.espalier.surgery.cost;

import io.espalier.surgery.coupling.ParameterDim;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Sums of absolute and squared elements per index along one dimension of a tensor that comes in pieces. */
final class SliceSums implements Consumer<ByteBuffer> {
    private final int width;
    private final long inner;
    private final double[] absolute;
    private final double[] squared;
    private final WeightReader weights;
    private long position;

    SliceSums(ParameterDim along) {
        long[] shape = along.parameter().shape();
        width = along.parameter().type().bytes();
        inner = Arrays.stream(shape).skip(along.dim() + 1L).reduce(1, Math::multiplyExact);
        absolute = new double[Math.toIntExact(shape[along.dim()])];
        squared = new double[absolute.length];
        weights = WeightReader.of(along.parameter().type());
    }

    @Override
    public void accept(ByteBuffer piece) {
        int count = piece.remaining() / width;
        int at = 0;
        while (at < count) {
            long slice = (position + at) / inner;
            int end = (int) Math.min(count, (slice + 1) * inner - position);
            double sum = 0;
            double squares = 0;
            for (; at < end; at++) {
                double weight = weights.read(piece, at);
                sum += Math.abs(weight);
                squares += weight * weight;
            }
            absolute[(int) (slice % absolute.length)] += sum;
            squared[(int) (slice % absolute.length)] += squares;
        }
        position += count;
    }

    double absolute(int index) {
        return absolute[index];
    }

    double squared(int index) {
        return squared[index];
    }
}
