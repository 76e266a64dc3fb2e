package io.espalier.streams.http;

import io.espalier.protocol.VersionKey;
import io.espalier.streams.query.ModelQueries;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The versions of a model; asks for a few keys at a time. */
final class VersionIterator implements Iterator<VersionKey> {
    private static final int CHUNK = 100;

    private final ModelQueries queries;
    private final String model;
    private String last;
    private Iterator<VersionKey> chunk = List.<VersionKey>of().iterator();
    private boolean ended;

    VersionIterator(ModelQueries queries, String model, String after) {
        this.queries = queries;
        this.model = model;
        this.last = after;
    }

    @Override
    public boolean hasNext() {
        if (!chunk.hasNext() && !ended) {
            chunk = queries.versions(model, last, CHUNK).iterator();
            ended = !chunk.hasNext();
        }
        return !ended;
    }

    @Override
    public VersionKey next() {
        if (!hasNext()) {
            throw new NoSuchElementException(model + " has no version after " + last);
        }
        VersionKey key = chunk.next();
        last = key.version();
        return key;
    }
}
