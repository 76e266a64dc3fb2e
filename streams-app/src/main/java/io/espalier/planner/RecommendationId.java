package io.espalier.planner;

import io.espalier.protocol.codec.Codecs;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.protocol.record.Policy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Names a recommendation by its content, so that a replay names it alike and nobody acts on it twice. */
public final class RecommendationId {
    private static final int HEX_DIGITS = 16;

    private RecommendationId() {}

    /** Of the record that takes one back. */
    public static String ofWithdrawal(String id) {
        return hex(digest -> digest.update(("withdrawn " + id).getBytes(StandardCharsets.UTF_8)));
    }

    static String of(ModelDescriptor descriptor, Policy policy, Map<String, List<Integer>> remove) {
        return hex(digest -> {
            digest.update(descriptor.key().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(descriptor.artifact().sha256().getBytes(StandardCharsets.UTF_8));
            digest.update(Codecs.POLICY.encode(policy));
            digest.update(new TreeMap<>(remove).toString().getBytes(StandardCharsets.UTF_8));
        });
    }

    private static String hex(Consumer<MessageDigest> content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            content.accept(digest);
            return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
