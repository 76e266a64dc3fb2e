package io.espalier.surgery;

/**
 * An activation that {@code forward_sampled} returns as float32 of shape [batch, units, positions].
 *
 * @param name module path of the activation, unique, of the characters {@code [A-Za-z0-9_.:-]}
 * @param group id of the coupling group whose units it shows, unit u at index u
 * @param positions 1 to 64 picked positions of a unit
 */
public record CapturePoint(String name, String group, int units, int positions) {}
