package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The header of a safetensors file: eight bytes of length, then JSON. It is checked against the
 * size of the file: every tensor has a known type, as many bytes as its shape needs, and all of
 * them tile the data without gap or overlap.
 *
 * @param dataStart first byte of the data in the file
 * @param tensors by name
 * @param metadata the header's free text entries
 */
public record SafetensorsHeader(
    long dataStart, SortedMap<String, StoredTensor> tensors, Map<String, String> metadata) {
  private static final int LENGTH_BYTES = 8;

  /** What the format itself allows. */
  public static final Limit FORMAT_LIMIT = new Limit(100_000_000, "of the format");

  private static final int LONGEST_NAME = 1000;
  private static final int MOST_AXES = 16;
  private static final String METADATA = "__metadata__";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * How long a header may be. Read, it takes about ten times its bytes of memory.
   *
   * @param bytes at most, up to what an array can hold
   * @param source who set it, for errors, for example a property's name
   */
  public record Limit(long bytes, String source) {
    public Limit {
      if (bytes < 0 || bytes > Integer.MAX_VALUE - LENGTH_BYTES) {
        throw new IllegalArgumentException(
            "header limit (%s) is %d bytes; it must be 0 to %d"
                .formatted(source, bytes, Integer.MAX_VALUE - LENGTH_BYTES));
      }
    }
  }

  /**
   * Reads no further than the header.
   *
   * @param fileBytes of the whole file
   * @param file its name, for errors
   * @param longest checked before anything of the header is read
   * @throws EngineException naming the file, the key and what is wrong
   */
  public static SafetensorsHeader read(
      InputStream input, long fileBytes, String file, Limit longest) throws IOException {
    byte[] length = input.readNBytes(LENGTH_BYTES);
    if (length.length < LENGTH_BYTES) {
      throw new EngineException(
          "%s: has %d bytes; a safetensors file has at least %d"
              .formatted(file, fileBytes, LENGTH_BYTES));
    }
    long headerBytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (headerBytes < 0 || headerBytes > fileBytes - LENGTH_BYTES) {
      throw new EngineException(
          "%s: header length %s is over what the file (%d bytes) can hold"
              .formatted(file, Long.toUnsignedString(headerBytes), fileBytes));
    }
    if (headerBytes > longest.bytes()) {
      throw new EngineException(
          "%s: header length %d is over the limit of %d bytes (%s)"
              .formatted(file, headerBytes, longest.bytes(), longest.source()));
    }
    byte[] json = input.readNBytes((int) headerBytes);
    if (json.length < headerBytes) {
      throw new EngineException(file + ": ends inside the header");
    }
    return parse(json, LENGTH_BYTES + headerBytes, fileBytes, file);
  }

  private static SafetensorsHeader parse(byte[] json, long dataStart, long fileBytes, String file) {
    SortedMap<String, StoredTensor> tensors = new TreeMap<>();
    Map<String, String> metadata = new TreeMap<>();
    forEachEntry(
        json,
        file,
        (key, value) -> {
          if (key.equals(METADATA)) {
            metadata.putAll(metadata(value, file));
          } else {
            tensors.put(key, new EntryReader(file, key).read(value));
          }
        });
    requireTiling(tensors.values().stream().sorted(BY_PLACE).toList(), fileBytes - dataStart, file);
    return new SafetensorsHeader(
        dataStart,
        Collections.unmodifiableSortedMap(tensors),
        Collections.unmodifiableMap(metadata));
  }

  private static final Comparator<StoredTensor> BY_PLACE =
      Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end);

  /** One after the other, so that the first wrong one ends the reading. */
  private static void forEachEntry(byte[] json, String file, BiConsumer<String, JsonNode> action) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new EngineException(file + ": header is no JSON object");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        action.accept(key, parser.readValueAsTree());
      }
      if (parser.nextToken() != null) {
        throw new EngineException(file + ": header goes on after its JSON object");
      }
    } catch (JacksonException e) {
      throw new EngineException(file + ": header is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Map<String, String> metadata(JsonNode node, String file) {
    if (!node.isObject()) {
      throw new EngineException(file + ": " + METADATA + " is no JSON object");
    }
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isString()) {
        throw new EngineException(file + ": " + METADATA + "." + entry.getKey() + " is no text");
      }
      metadata.put(entry.getKey(), entry.getValue().stringValue());
    }
    return metadata;
  }

  private static void requireTiling(List<StoredTensor> byPlace, long dataBytes, String file) {
    long covered = 0;
    for (StoredTensor tensor : byPlace) {
      if (tensor.begin() != covered) {
        throw new EngineException(
            "%s: tensor %s begins at byte %d of the data, but the tensors before it end at %d"
                .formatted(file, tensor.name(), tensor.begin(), covered));
      }
      covered = tensor.end();
    }
    if (covered != dataBytes) {
      throw new EngineException(
          "%s: the tensors need %d bytes of data; the file has %d (truncated or damaged)"
              .formatted(file, covered, dataBytes));
    }
  }

  /** Reads one tensor's entry. */
  private record EntryReader(String file, String name) {
    StoredTensor read(JsonNode entry) {
      if (name.length() > LONGEST_NAME) {
        throw wrong("has a name of %d characters, over %d".formatted(name.length(), LONGEST_NAME));
      }
      if (!entry.isObject()) {
        throw wrong("is no JSON object");
      }
      JsonNode typeName = entry.path("dtype");
      StoredType type =
          StoredType.named(typeName.isString() ? typeName.stringValue() : "")
              .orElseThrow(() -> wrong("has the unknown dtype " + JsonText.shown(typeName)));
      long[] shape = numbers(entry, "shape");
      long[] offsets = numbers(entry, "data_offsets");
      if (offsets.length != 2 || offsets[1] < offsets[0]) {
        throw wrong("has the data_offsets " + JsonText.shown(entry.path("data_offsets")));
      }
      long needed = bytesOf(shape, type);
      if (offsets[1] - offsets[0] != needed) {
        throw wrong(
            "of type %s and shape %s needs %d bytes; its data_offsets %s hold %d"
                .formatted(
                    type,
                    entry.path("shape"),
                    needed,
                    entry.path("data_offsets"),
                    offsets[1] - offsets[0]));
      }
      return new StoredTensor(name, type, shape, offsets[0], offsets[1]);
    }

    private long[] numbers(JsonNode entry, String key) {
      JsonNode list = entry.path(key);
      if (!list.isArray()) {
        throw wrong("has no list " + key);
      }
      if (list.size() > MOST_AXES) {
        throw wrong("has %d numbers in %s, over %d".formatted(list.size(), key, MOST_AXES));
      }
      return list.valueStream()
          .mapToLong(
              value -> {
                if (!value.isIntegralNumber()
                    || !value.canConvertToLong()
                    || value.longValue() < 0) {
                  throw wrong("has " + JsonText.shown(value) + " in " + key);
                }
                return value.longValue();
              })
          .toArray();
    }

    private long bytesOf(long[] shape, StoredType type) {
      try {
        long bytes = type.bytes();
        for (long size : shape) {
          bytes = Math.multiplyExact(bytes, size);
        }
        return bytes;
      } catch (ArithmeticException e) {
        throw wrong("has a shape over 2^63 bytes");
      }
    }

    private EngineException wrong(String what) {
      return new EngineException(file + ": tensor " + JsonText.shown(name) + " " + what);
    }
  }
}
