package io.espalier.streams.http;

import io.espalier.streams.query.ModelQueries;

/** Something in the path of a request does not exist. */
final class NotKnownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotKnownException(String message) {
        super(message);
    }

    /** Throws unless a model has some version. */
    static void requireKnown(ModelQueries queries, String model) {
        if (queries.versions(model, "", 1).isEmpty()) {
            throw new NotKnownException("model '" + model + "' is not known: see /api/models");
        }
    }
}
