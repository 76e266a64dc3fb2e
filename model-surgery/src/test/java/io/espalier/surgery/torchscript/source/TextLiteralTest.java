package io.espalier.surgery.torchscript.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TextLiteralTest {
    @Property
    void whatIsQuotedReadsBackAsItWas(@ForAll String text) {
        Assume.that(StandardCharsets.UTF_8.newEncoder().canEncode(text));
        String quoted = TextLiteral.quoted(text);
        assertThat(quoted).matches("\"[ -~]*\"");
        assertThat(TextLiteral.unquoted(quoted, () -> "x:1")).isEqualTo(text);
    }

    @Test
    void escapesBytesInOctalAsTorchScriptDoes() {
        assertThat(TextLiteral.quoted("caf\u00e9\u0000")).isEqualTo("\"caf\\303\\251\\000\"");
    }
}
