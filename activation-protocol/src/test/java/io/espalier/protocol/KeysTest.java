package io.espalier.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeysTest {
    @Test
    void keysReadWhatTheyWrite() {
        ShardKey key = new ShardKey("resnet-20", "1.2", "layer1.0.relu:1", 64);
        assertThat(key).hasToString("resnet-20@1.2/layer1.0.relu:1/64");
        assertThat(ShardKey.parse(key.toString())).isEqualTo(key);
        assertThat(VersionKey.parse(key.versionKey().toString())).isEqualTo(new VersionKey("resnet-20", "1.2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "m", "m@1", "m@1/p", "m@1/p/x", "m@1/p/-1", "m@1/p/0/0", "@1/p/0", "m@1//0", "m@@1/p/0"})
    void refusesWhatIsNoKey(String key) {
        assertThatThrownBy(() -> ShardKey.parse(key)).isInstanceOf(IllegalArgumentException.class);
    }
}
