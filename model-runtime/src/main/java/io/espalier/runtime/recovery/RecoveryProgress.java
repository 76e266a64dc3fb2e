package io.espalier.runtime.recovery;

/** Is told how far a step has come. */
@FunctionalInterface
public interface RecoveryProgress {
    /** Tells nobody. */
    RecoveryProgress NONE = (done, all) -> {};

    void advance(int done, int all);
}
