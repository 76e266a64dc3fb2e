package io.espalier.streams.http;

import java.util.function.Supplier;

/**
 * An element of a list.
 *
 * @param name by which the next page begins after it
 * @param value read when the element is written, and not when a page only looks whether another one follows
 */
record Named(String name, Supplier<?> value) {}
