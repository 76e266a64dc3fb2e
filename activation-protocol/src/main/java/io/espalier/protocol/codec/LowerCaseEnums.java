package io.espalier.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Locale;

/** Writes {@code CANDIDATE} as {@code "candidate"}; the mapper reads either. */
final class LowerCaseEnums extends SimpleModule {
    private static final long serialVersionUID = 1L;

    LowerCaseEnums() {
        super(LowerCaseEnums.class.getName());
        addSerializer(new LowerCase());
    }

    private static final class LowerCase extends StdSerializer<Enum<?>> {
        private static final long serialVersionUID = 1L;

        LowerCase() {
            super(Enum.class, false);
        }

        @Override
        public void serialize(Enum<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.name().toLowerCase(Locale.ROOT));
        }
    }
}
