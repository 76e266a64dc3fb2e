/**
 * Carries a plan out: what is cut from each tensor, and what is zeroed in the reference that a cut is compared with.
 */
package io.espalier.surgery.prune;
