package dev.fresco.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reference tensors of a safetensors file in {@code fixtures/}, whole in memory. */
public final class GoldenTensors {
  private static final Path FOLDER = Path.of("fixtures");
  private static final JsonMapper JSON = new JsonMapper();

  private final JsonNode header;
  private final ByteBuffer data;

  private GoldenTensors(JsonNode header, ByteBuffer data) {
    this.header = header;
    this.data = data;
  }

  public static Path path(String name) {
    return FOLDER.resolve(name);
  }

  public static JsonNode json(String name) {
    return JSON.readTree(path(name).toFile());
  }

  public static GoldenTensors read(String name) {
    try {
      ByteBuffer file =
          ByteBuffer.wrap(Files.readAllBytes(path(name))).order(ByteOrder.LITTLE_ENDIAN);
      byte[] header = new byte[Math.toIntExact(file.getLong())];
      file.get(header);
      return new GoldenTensors(
          JSON.readTree(new String(header, StandardCharsets.UTF_8)),
          file.slice().order(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Set<String> names() {
    Map<String, JsonNode> tensors = new LinkedHashMap<>();
    header.properties().forEach(entry -> tensors.put(entry.getKey(), entry.getValue()));
    tensors.remove("__metadata__");
    return tensors.keySet();
  }

  /** A metadata value, which the fixtures hold as JSON texts. */
  public JsonNode metadata(String key) {
    return JSON.readTree(header.get("__metadata__").get(key).stringValue());
  }

  public long[] shape(String name) {
    return header.get(name).get("shape").valueStream().mapToLong(JsonNode::longValue).toArray();
  }

  public float[] floats(String name) {
    ByteBuffer bytes = bytes(name, "F32");
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  public long[] longs(String name) {
    ByteBuffer bytes = bytes(name, "I64");
    long[] values = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(values);
    return values;
  }

  private ByteBuffer bytes(String name, String type) {
    JsonNode entry = header.get(name);
    if (entry == null || !entry.get("dtype").stringValue().equals(type)) {
      throw new IllegalArgumentException(name + " is not a tensor of " + type + ": " + entry);
    }
    int from = entry.get("data_offsets").get(0).intValue();
    int to = entry.get("data_offsets").get(1).intValue();
    return data.slice(from, to - from).order(ByteOrder.LITTLE_ENDIAN);
  }
}
