/**
 * What removed units let through although they compute nothing: followed to whoever reads it, and put into that layer's
 * bias where this changes no number.
 */
package io.espalier.surgery.fold;
