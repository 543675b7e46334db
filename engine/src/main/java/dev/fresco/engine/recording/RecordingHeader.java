package dev.fresco.engine.recording;

import dev.fresco.contracts.template.RecordingKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The start of a recording's file: eight bytes that name the format, the length of the JSON that
 * follows and its CRC-32C (both 32 bits, little-endian), then the JSON. Whoever made the file is
 * not trusted: places and sizes that the JSON gives must be those that follow from types and
 * shapes.
 */
final class RecordingHeader {
  static final byte[] MAGIC = "FRESCOR1".getBytes(StandardCharsets.US_ASCII);
  static final int PREFIX = MAGIC.length + 2 * Integer.BYTES;

  /** Room that the writer leaves: the tensors are known when the first step has been written. */
  static final int ROOM = 256 << 10;

  private static final int LONGEST = 8 << 20;
  private static final int LONGEST_NAME = 1000;
  private static final int MOST_AXES = 16;
  private static final int SHOWN = 200;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private RecordingHeader() {}

  /** A header that was read. */
  record Read(RecordingLayout layout, int checksum) {}

  /** The bytes of a header, with its prefix. */
  static ByteBuffer write(RecordingLayout layout) {
    ObjectNode root = JSON.createObjectNode();
    root.put("id", layout.key().id());
    root.set("key", JSON.valueToTree(layout.key()));
    root.put("steps", layout.steps());
    root.put("dataStart", layout.dataStart());
    root.put("stepBytes", layout.blockBytes());
    root.put("checksumsOffset", layout.tableOffset());
    ArrayNode tensors = root.putArray("tensors");
    for (Slab slab : layout.slabs().values()) {
      ObjectNode tensor = tensors.addObject();
      tensor.put("name", slab.name());
      tensor.put("form", slab.form().name());
      ArrayNode shape = tensor.putArray("shape");
      slab.shape().forEach(shape::add);
      tensor.put("offset", slab.offset());
      tensor.put("bytes", slab.bytes());
    }
    byte[] json = JSON.writeValueAsBytes(root);
    ByteBuffer bytes = ByteBuffer.allocate(PREFIX + json.length).order(ByteOrder.LITTLE_ENDIAN);
    return bytes
        .put(MAGIC)
        .putInt(json.length)
        .putInt(BlockChecksums.of(ByteBuffer.wrap(json)))
        .put(json)
        .flip();
  }

  /** The checksum that a written header has in it. */
  static int checksum(ByteBuffer header) {
    return header.getInt(MAGIC.length + Integer.BYTES);
  }

  /**
   * Reads and checks a header.
   *
   * @param file its name, for errors
   * @param arrived waits until the file has so many bytes
   * @throws RecordingDamagedException saying what is wrong
   */
  static Read read(FileChannel channel, String file, LongConsumer arrived) throws IOException {
    if (channel.size() < PREFIX) {
      throw new RecordingDamagedException(
          "%s: has %d bytes; a recording has at least %d".formatted(file, channel.size(), PREFIX));
    }
    arrived.accept(PREFIX);
    ByteBuffer prefix = bytes(channel, 0, PREFIX);
    for (byte expected : MAGIC) {
      if (prefix.get() != expected) {
        throw new RecordingDamagedException(file + ": is no recording, or of another version");
      }
    }
    int length = prefix.getInt();
    if (length < 0 || length > LONGEST || length > channel.size() - PREFIX) {
      throw new RecordingDamagedException(
          "%s: header length %s is over the limit of %d bytes, or over the file's %d"
              .formatted(file, Integer.toUnsignedString(length), LONGEST, channel.size()));
    }
    int checksum = prefix.getInt();
    arrived.accept(PREFIX + length);
    ByteBuffer json = bytes(channel, PREFIX, length);
    if (BlockChecksums.of(json) != checksum) {
      throw new RecordingDamagedException(file + ": the header's checksum is wrong");
    }
    return new Read(parse(json.array(), file, channel.size()), checksum);
  }

  /** Some of a file's bytes, as a little-endian copy. */
  static ByteBuffer bytes(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new IOException("the file ends while it is read");
      }
    }
    return bytes.flip();
  }

  private static RecordingLayout parse(byte[] json, String file, long fileBytes) {
    try {
      JsonNode root = JSON.readTree(json);
      RecordingKey key = JSON.treeToValue(root.path("key"), RecordingKey.class);
      if (key == null || key.steps() > RecordingLayout.MOST_STEPS) {
        throw new IllegalArgumentException(
            "has no key, or over " + RecordingLayout.MOST_STEPS + " steps");
      }
      RecordingLayout layout = layout(root, key, PREFIX + json.length);
      equal("id", root.path("id").asString(), key.id());
      equal("steps", number(root, "steps"), layout.steps());
      equal("stepBytes", number(root, "stepBytes"), layout.blockBytes());
      equal("checksumsOffset", number(root, "checksumsOffset"), layout.tableOffset());
      equal("the file's size", fileBytes, layout.fileBytes());
      return layout;
    } catch (JacksonException e) {
      throw new RecordingDamagedException(
          file + ": the header is not readable: " + shown(e.getOriginalMessage()), e);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new RecordingDamagedException(file + ": the header: " + shown(e.getMessage()), e);
    }
  }

  private static RecordingLayout layout(JsonNode root, RecordingKey key, long headerEnd) {
    long dataStart = number(root, "dataStart");
    if (dataStart < headerEnd
        || dataStart > 2L * LONGEST
        || dataStart % RecordingLayout.ALIGNMENT > 0) {
      throw new IllegalArgumentException("dataStart is " + dataStart);
    }
    RecordingLayout.Builder builder = new RecordingLayout.Builder();
    JsonNode tensors = root.path("tensors");
    if (!tensors.isArray() || tensors.isEmpty()) {
      throw new IllegalArgumentException("there are no tensors");
    }
    for (JsonNode tensor : tensors) {
      String name = tensor.path("name").asString("");
      if (name.isEmpty() || name.length() > LONGEST_NAME) {
        throw new IllegalArgumentException("a tensor has the name '" + shown(name) + "'");
      }
      StoredForm form = StoredForm.valueOf(tensor.path("form").asString(""));
      Slab slab = builder.add(name, form, shape(name, tensor.path("shape")));
      equal("offset of " + name, number(tensor, "offset"), slab.offset());
      equal("bytes of " + name, number(tensor, "bytes"), slab.bytes());
    }
    return builder.build(key, dataStart);
  }

  private static long[] shape(String name, JsonNode shape) {
    if (!shape.isArray() || shape.size() > MOST_AXES) {
      throw new IllegalArgumentException(
          "tensor %s has no shape of at most %d axes".formatted(name, MOST_AXES));
    }
    return shape.valueStream().mapToLong(RecordingHeader::number).toArray();
  }

  private static long number(JsonNode object, String field) {
    return number(object.path(field));
  }

  private static long number(JsonNode value) {
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw new IllegalArgumentException("'" + shown(value.toString()) + "' is no size");
    }
    return value.longValue();
  }

  private static void equal(String what, Object stated, Object due) {
    if (!String.valueOf(stated).equals(String.valueOf(due))) {
      throw new IllegalArgumentException(
          "%s is %s; by the rest of the header it is %s".formatted(what, shown("" + stated), due));
    }
  }

  private static String shown(String text) {
    return text != null && text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
