/**
 * Brings a pruned network's accuracy back without labels: its weights are fitted, layer by layer, to what the original
 * computes on the same inputs. Each step is one class, proves itself on inputs that it was not fitted to, and is undone when
 * it does not.
 */
package io.espalier.runtime.recovery;
