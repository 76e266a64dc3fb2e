package io.espalier.streams.query;

import java.util.Comparator;

/** How the keys {@code model@version} sort, and with them the models: as their bytes do, which names keep to ASCII. */
public final class ModelOrder {
    private static final char AT = '@';

    private ModelOrder() {}

    /** Not that of the names alone: {@code a-b@1} comes before {@code a@1}. */
    public static Comparator<String> ofModels() {
        return Comparator.comparing(model -> model + AT);
    }

    static String firstVersion(String model) {
        return model + AT;
    }

    /** Smaller than the keys of all models behind this one, larger than all of its own. */
    static String behind(String model) {
        return model + (char) (AT + 1);
    }
}
