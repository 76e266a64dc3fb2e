package io.espalier.sidecar.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.espalier.protocol.VersionKey;
import io.espalier.protocol.record.ModelDescriptor;
import io.espalier.runtime.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Writes the protocol's answers. Numbers are written so that reading them in their type gives the same bits; NaN and the
 * infinities, which JSON does not have, as the strings that protobuf's JSON has for them.
 */
final class ResponseWriter {
    private static final String PLATFORM = "pytorch_torchscript";

    private final JsonFactory json = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .build();
    private final VersionKey model;
    private final ModelSignature signature;

    ResponseWriter(VersionKey model, ModelSignature signature) {
        this.model = model;
        this.signature = signature;
    }

    byte[] inference(String id, List<Tensor> outputs, List<Integer> places) {
        return write(out -> {
            out.writeStringField("model_name", model.model());
            out.writeStringField("model_version", model.version());
            if (id != null) {
                out.writeStringField("id", id);
            }
            out.writeArrayFieldStart("outputs");
            for (int place : places) {
                Tensor output = outputs.get(place);
                out.writeStartObject();
                writeTensorHead(
                        out,
                        signature.outputs().get(place).name(),
                        output.type().name(),
                        output.shape());
                out.writeArrayFieldStart("data");
                writeElements(out, output);
                out.writeEndArray();
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    private static void writeElements(JsonGenerator out, Tensor tensor) throws IOException {
        switch (tensor.type()) {
            case FP32, FP16, BF16 -> {
                for (float value : tensor.toFloats().data()) {
                    out.writeNumber(value);
                }
            }
            case FP64 -> {
                for (double value : tensor.reals()) {
                    out.writeNumber(value);
                }
            }
            case BOOL -> {
                for (byte value : tensor.data()) {
                    out.writeBoolean(value != 0);
                }
            }
            default -> {
                for (long value : tensor.wholes()) {
                    out.writeNumber(value);
                }
            }
        }
    }

    byte[] modelMetadata() {
        return write(out -> {
            out.writeStringField("name", model.model());
            out.writeArrayFieldStart("versions");
            out.writeString(model.version());
            out.writeEndArray();
            out.writeStringField("platform", PLATFORM);
            out.writeArrayFieldStart("inputs");
            for (ModelDescriptor.Input input : signature.inputs()) {
                writeSignature(out, input.name(), input.datatype(), ModelSignature.shape(input));
            }
            out.writeEndArray();
            out.writeArrayFieldStart("outputs");
            for (ModelSignature.Output output : signature.outputs()) {
                writeSignature(
                        out, output.name(), output.type().name(), output.shape().clone());
            }
            out.writeEndArray();
        });
    }

    byte[] modelReady(boolean ready) {
        return write(out -> {
            out.writeStringField("name", model.model());
            out.writeBooleanField("ready", ready);
        });
    }

    byte[] serverMetadata() {
        return write(out -> {
            out.writeStringField("name", "espalier-sidecar");
            out.writeStringField("version", version());
            out.writeArrayFieldStart("extensions");
            out.writeEndArray();
        });
    }

    /** Of the jar this runs from; a folder of classes has none. */
    private static String version() {
        String version = ResponseWriter.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    byte[] flags(Map<String, Boolean> flags) {
        return write(out -> {
            for (Map.Entry<String, Boolean> flag : flags.entrySet()) {
                out.writeBooleanField(flag.getKey(), flag.getValue());
            }
        });
    }

    byte[] error(String message) {
        return write(out -> out.writeStringField("error", message));
    }

    private static void writeSignature(JsonGenerator out, String name, String datatype, long[] shape)
            throws IOException {
        if (shape.length > 0) {
            shape[0] = -1;
        }
        out.writeStartObject();
        writeTensorHead(out, name, datatype, shape);
        out.writeEndObject();
    }

    private static void writeTensorHead(JsonGenerator out, String name, String datatype, long[] shape)
            throws IOException {
        out.writeStringField("name", name);
        out.writeStringField("datatype", datatype);
        out.writeFieldName("shape");
        out.writeArray(shape, 0, shape.length);
    }

    private interface Fields {
        void writeTo(JsonGenerator out) throws IOException;
    }

    private byte[] write(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            fields.writeTo(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return bytes.toByteArray();
    }
}
