package io.espalier.protocol;

/**
 * Key of one shard of one capture point: {@code model@version/capturePoint/firstUnit}.
 *
 * @param firstUnit the shard's first unit, 0 or more
 */
public record ShardKey(String model, String version, String capturePoint, int firstUnit) {
    public ShardKey {
        Names.require("model", model);
        Names.require("version", version);
        Names.require("capture point", capturePoint);
        if (firstUnit < 0) {
            throw new IllegalArgumentException("first unit " + firstUnit + " is negative");
        }
    }

    /** Reads what {@link #toString} writes; throws {@link IllegalArgumentException} on anything else. */
    public static ShardKey parse(String key) {
        String[] parts = key.split("/", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("key '" + key + "' is not model@version/capture point/first unit");
        }
        VersionKey version = VersionKey.parse(parts[0]);
        try {
            return new ShardKey(version.model(), version.version(), parts[1], Integer.parseInt(parts[2]));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("key '" + key + "' does not end in a unit number", e);
        }
    }

    public VersionKey versionKey() {
        return new VersionKey(model, version);
    }

    @Override
    public String toString() {
        return model + "@" + version + "/" + capturePoint + "/" + firstUnit;
    }
}
