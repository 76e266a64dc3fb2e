/**
 * Fits what is left of a layer to what the whole layer computed, by least squares: which layers, what they read, the sums
 * and the solution. Knows neither a file format nor an engine; whoever runs the network hands over what it saw.
 */
package io.espalier.surgery.refit;
