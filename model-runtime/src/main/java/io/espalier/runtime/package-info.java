/**
 * Executes model archives on libtorch: the only package that knows the engine. Callers see arrays of floats, and errors of
 * one line.
 */
package io.espalier.runtime;
