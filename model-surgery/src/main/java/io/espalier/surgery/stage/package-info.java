/**
 * Running a network in parts: what runs between two places of the code, what is looked at on the way, and what must be kept
 * to go on later. Knows no file format and no engine.
 */
package io.espalier.surgery.stage;
