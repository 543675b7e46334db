package dev.fresco.lora.adapter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the header of a safetensors file: eight bytes of length, then a JSON object of keys with
 * dtype, shape and the range of their bytes behind the header. The ranges must tile the rest of the
 * file, and each must fit its dtype and shape.
 */
public final class SafetensorsHeader {
  /** A LoRA's header has some hundred kilobytes; a whole model's has a few megabytes. */
  static final long LONGEST_HEADER = 16L << 20;

  private static final String METADATA = "__metadata__";
  private static final Map<String, Integer> BYTES =
      Map.ofEntries(
          Map.entry("F64", 8),
          Map.entry("F32", 4),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("I64", 8),
          Map.entry("I32", 4),
          Map.entry("I16", 2),
          Map.entry("I8", 1),
          Map.entry("U64", 8),
          Map.entry("U32", 4),
          Map.entry("U16", 2),
          Map.entry("U8", 1),
          Map.entry("BOOL", 1));
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private SafetensorsHeader() {}

  private record Range(String key, long begin, long end) {}

  /**
   * Reads no further than the header.
   *
   * @param fileBytes of the whole file
   * @throws dev.fresco.platform.web.ProblemException 422 naming the key and what is wrong
   */
  public static TensorListing read(InputStream file, long fileBytes) throws IOException {
    if (fileBytes == 0) {
      throw wrong("is empty");
    }
    byte[] prefix = file.readNBytes(Long.BYTES);
    if (prefix.length < Long.BYTES) {
      throw wrong("is no safetensors file: it has " + fileBytes + " bytes");
    }
    long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > fileBytes - Long.BYTES) {
      throw wrong(
          "is no whole safetensors file: its header has the length %s; the file has %d bytes"
              .formatted(Long.toUnsignedString(length), fileBytes));
    }
    if (length > LONGEST_HEADER) {
      throw wrong("has a header of " + length + " bytes; the limit is " + LONGEST_HEADER);
    }
    return parse(file.readNBytes((int) length), fileBytes - Long.BYTES - length);
  }

  private static TensorListing parse(byte[] json, long dataBytes) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JacksonException e) {
      throw wrong("has a header that is not JSON: " + e.getOriginalMessage());
    }
    if (!root.isObject()) {
      throw wrong("has a header that is not a JSON object");
    }
    TreeMap<String, TensorListing.Tensor> tensors = new TreeMap<>();
    Map<String, String> metadata = new HashMap<>();
    List<Range> ranges = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      String key = entry.getKey();
      if (key.equals(METADATA)) {
        metadata.putAll(metadata(entry.getValue()));
      } else {
        TensorListing.Tensor tensor = tensor(key, entry.getValue());
        ranges.add(range(key, entry.getValue(), tensor));
        tensors.put(key, tensor);
      }
    }
    requireTiling(ranges, dataBytes);
    return new TensorListing(tensors, metadata);
  }

  private static Map<String, String> metadata(JsonNode entry) {
    Map<String, String> metadata = new HashMap<>();
    for (Map.Entry<String, JsonNode> text : entry.properties()) {
      if (!text.getValue().isString()) {
        throw Refusal.ofKey(
            Refusal.FILE, METADATA, "has at " + text.getKey() + " something other than text");
      }
      metadata.put(text.getKey(), text.getValue().stringValue());
    }
    return metadata;
  }

  private static TensorListing.Tensor tensor(String key, JsonNode entry) {
    String dtype = entry.path("dtype").asString("");
    if (!BYTES.containsKey(dtype)) {
      throw Refusal.ofKey(Refusal.FILE, key, "has no known dtype: " + entry.path("dtype"));
    }
    return new TensorListing.Tensor(dtype, numbers(key, entry, "shape"));
  }

  private static Range range(String key, JsonNode entry, TensorListing.Tensor tensor) {
    List<Long> offsets = numbers(key, entry, "data_offsets");
    if (offsets.size() != 2 || offsets.get(1) < offsets.get(0)) {
      throw Refusal.ofKey(Refusal.FILE, key, "has wrong data_offsets: " + offsets);
    }
    Range range = new Range(key, offsets.get(0), offsets.get(1));
    long needed = BYTES.get(tensor.dtype());
    try {
      for (long size : tensor.shape()) {
        needed = Math.multiplyExact(needed, size);
      }
    } catch (ArithmeticException e) {
      throw Refusal.ofKey(Refusal.FILE, key, "has an impossible shape: " + tensor.shape());
    }
    if (range.end() - range.begin() != needed) {
      throw Refusal.ofKey(
          Refusal.FILE,
          key,
          "needs %d bytes for %s%s, but has %d"
              .formatted(needed, tensor.dtype(), tensor.shape(), range.end() - range.begin()));
    }
    return range;
  }

  private static List<Long> numbers(String key, JsonNode entry, String field) {
    List<Long> numbers = new ArrayList<>();
    JsonNode list = entry.path(field);
    for (JsonNode number : list) {
      if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
        throw Refusal.ofKey(Refusal.FILE, key, "has " + number + " in its " + field);
      }
      numbers.add(number.asLong());
    }
    if (!list.isArray()) {
      throw Refusal.ofKey(Refusal.FILE, key, "has no list " + field);
    }
    return numbers;
  }

  private static void requireTiling(List<Range> ranges, long dataBytes) {
    ranges.sort(Comparator.comparingLong(Range::begin).thenComparingLong(Range::end));
    long covered = 0;
    for (Range range : ranges) {
      if (range.begin() != covered) {
        throw Refusal.ofKey(
            Refusal.FILE,
            range.key(),
            "begins at byte %d, but what lies before it ends at %d"
                .formatted(range.begin(), covered));
      }
      covered = range.end();
    }
    if (covered != dataBytes) {
      throw wrong(
          "has %d bytes of tensors, but its header lists %d: it is truncated or damaged"
              .formatted(dataBytes, covered));
    }
  }

  private static RuntimeException wrong(String problem) {
    return Refusal.of(Refusal.FILE, problem);
  }
}
