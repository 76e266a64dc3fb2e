package io.espalier.streams.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.protocol.ShardKey;
import io.espalier.streams.testing.GoldenFolder;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys of the panes changelog; its values are those of the protocol's own golden files. */
final class PaneKeyGoldenTest {
    private static final String FILE = "pane-key.hex";
    private static final PaneKey KEY = new PaneKey(new ShardKey("m", "1-0a", "layer1.0.relu", 64), 1_700_000_040_000L);

    @ParameterizedTest
    @MethodSource("versions")
    void whatAnyVersionWroteIsRead(GoldenFolder version) {
        Bytes written = Bytes.wrap(HexFormat.of().parseHex(version.read(FILE)));
        assertThat(PaneKey.parse(written)).isEqualTo(KEY);
        // Another key for the same pane would be another pane: it would never be deleted.
        assertThat(KEY.toBytes()).isEqualTo(written);
    }

    @Test
    void whatIsWrittenIsWhatTheNewestFileSays() {
        GoldenFolder.assertIsWritten(
                FILE, HexFormat.of().formatHex(KEY.toBytes().get()));
    }

    static List<GoldenFolder> versions() {
        return GoldenFolder.with(FILE);
    }
}
