package io.espalier.protocol;

/** Key of what belongs to one version of one model: {@code model@version}. */
public record VersionKey(String model, String version) {
    public VersionKey {
        Names.require("model", model);
        Names.require("version", version);
    }

    /** Reads what {@link #toString} writes; throws {@link IllegalArgumentException} on anything else. */
    public static VersionKey parse(String key) {
        int at = key.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("key '" + key + "' is not model@version");
        }
        return new VersionKey(key.substring(0, at), key.substring(at + 1));
    }

    @Override
    public String toString() {
        return model + "@" + version;
    }
}
