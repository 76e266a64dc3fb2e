package io.espalier.sidecar.settings;

import io.espalier.protocol.Topics;
import org.eclipse.microprofile.config.spi.Converter;

/** Takes the prefix of an installation's topics for all of them. */
public final class TopicsConverter implements Converter<Topics> {
    private static final long serialVersionUID = 1L;

    @Override
    public Topics convert(String prefix) {
        return new Topics(prefix);
    }
}
