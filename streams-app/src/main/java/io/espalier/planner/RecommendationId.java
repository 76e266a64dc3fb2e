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

/** Names a recommendation by its content, so that a replay names it alike and nobody acts on it twice. */
final class RecommendationId {
    private static final int HEX_DIGITS = 16;

    private RecommendationId() {}

    static String of(ModelDescriptor descriptor, Policy policy, Map<String, List<Integer>> remove) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(descriptor.key().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(descriptor.artifact().sha256().getBytes(StandardCharsets.UTF_8));
            digest.update(Codecs.POLICY.encode(policy));
            digest.update(new TreeMap<>(remove).toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
