package io.espalier.streams.http;

import java.util.Optional;

/** How the application is; each answer is empty when all is well, else one sentence. */
public interface Health {
    /** What only a restart can mend. */
    Optional<String> dead();

    /** Why no requests should be sent here now. */
    Optional<String> notReady();
}
