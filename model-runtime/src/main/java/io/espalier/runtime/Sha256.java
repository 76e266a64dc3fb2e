package io.espalier.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The fingerprint an artifact is known by. */
public final class Sha256 {
    private Sha256() {}

    /** Lower-case hexadecimal, of some bytes one behind the other. */
    public static String of(Iterable<byte[]> parts) {
        MessageDigest digest = digest();
        parts.forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Lower-case hexadecimal; the file is streamed. */
    public static String of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digested = new DigestInputStream(in, digest())) {
            byte[] buffer = new byte[1 << 16];
            while (digested.read(buffer) >= 0) {
                // reading is what digests
            }
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        }
    }
}
