/** Cuts a model by every criterion to every target, recovers it by every recipe, and shows what each is worth. */
package io.espalier.cli.compare;
