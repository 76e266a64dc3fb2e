package io.espalier.surgery;

/**
 * One operator that holds parameters or multiplies.
 *
 * @param name module path, or the weight constant's name in a frozen archive
 * @param op the operator, in ATen's words: {@code _convolution}, {@code batch_norm}, {@code linear}
 * @param params elements of its parameters, each counted at the first layer that uses it
 * @param macs multiply-accumulates for one sample
 */
public record Layer(String name, String op, long params, long macs) {}
