package io.espalier.surgery.coupling;

/**
 * A number that is known before the model runs.
 *
 * @param value a Long, Double or Boolean
 * @param counted labels whose number it was computed from, so that it follows a cut; empty for one that does not change
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record Known(Object value, int[] counted) {
    static final int[] NOTHING = {};

    static Known fixed(Object value) {
        return new Known(value, NOTHING);
    }
}
