package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Weights in several safetensors files beside an index, whose {@code weight_map} says which file
 * holds which tensor. Index and shards must say the same, in both directions.
 */
public final class ShardedSafetensors implements TensorSource {
  /** A plain name: what points out of the index's folder is never opened. */
  private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.safetensors");

  private final Path index;
  private final Map<String, SafetensorsFile> shards;
  private final Map<String, SafetensorsFile> shardOf;
  private final SortedMap<String, StoredTensor> tensors;

  private ShardedSafetensors(
      Path index, Map<String, String> weightMap, Map<String, SafetensorsFile> shards) {
    this.index = index;
    this.shards = shards;
    this.shardOf = new TreeMap<>();
    SortedMap<String, StoredTensor> found = new TreeMap<>();
    weightMap.forEach(
        (key, name) -> {
          SafetensorsFile shard = shards.get(name);
          StoredTensor tensor = shard.tensors().get(key);
          if (tensor == null) {
            throw wrong(index, key, "says that " + shard.path() + " has it, which is not so");
          }
          shardOf.put(key, shard);
          found.put(key, tensor);
        });
    shards.forEach((name, shard) -> requireListed(weightMap, name, shard));
    this.tensors = Collections.unmodifiableSortedMap(found);
  }

  /**
   * Opens an index and all its shards, and checks one against the other.
   *
   * @throws EngineException naming the file, the key and what is wrong; nothing stays open
   */
  public static ShardedSafetensors open(Path index) {
    Map<String, String> weightMap = weightMap(index);
    Map<String, SafetensorsFile> shards = new TreeMap<>();
    try {
      weightMap.forEach(
          (key, name) -> shards.computeIfAbsent(name, absent -> shard(index, key, absent)));
      return new ShardedSafetensors(index, weightMap, shards);
    } catch (RuntimeException e) {
      shards.values().forEach(SafetensorsFile::close);
      throw e;
    }
  }

  /** The index and the shards that it names, none of them opened. */
  static List<Path> files(Path index) {
    Set<Path> files = new LinkedHashSet<>(List.of(index));
    new TreeMap<>(weightMap(index)).values().forEach(name -> files.add(index.resolveSibling(name)));
    return List.copyOf(files);
  }

  @Override
  public String place() {
    return index.toString();
  }

  @Override
  public String place(StoredTensor tensor) {
    return shard(tensor).place(tensor);
  }

  @Override
  public SortedMap<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public ByteBuffer map(StoredTensor tensor) {
    return shard(tensor).map(tensor);
  }

  @Override
  public void read(StoredTensor tensor, ByteBuffer into) {
    shard(tensor).read(tensor, into);
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
  }

  private SafetensorsFile shard(StoredTensor tensor) {
    return shardOf.get(tensor.name());
  }

  private static Map<String, String> weightMap(Path index) {
    JsonNode entries = JsonText.read(index).path("weight_map");
    if (!entries.isObject() || entries.isEmpty()) {
      throw new EngineException(index + ": weight_map is no JSON object with entries");
    }
    Map<String, String> shards = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : entries.properties()) {
      JsonNode name = entry.getValue();
      if (!name.isString() || !SHARD.matcher(name.stringValue()).matches()) {
        throw wrong(
            index,
            entry.getKey(),
            "has the shard %s; it must be the name of a .safetensors file beside the index"
                .formatted(JsonText.shown(name)));
      }
      shards.put(entry.getKey(), name.stringValue());
    }
    return shards;
  }

  private static SafetensorsFile shard(Path index, String key, String name) {
    Path shard = index.resolveSibling(name);
    if (!Files.isRegularFile(shard)) {
      throw wrong(index, key, "has the shard " + name + ", but there is no file " + shard);
    }
    return SafetensorsFile.open(shard);
  }

  private void requireListed(Map<String, String> weightMap, String name, SafetensorsFile shard) {
    for (String key : shard.tensors().keySet()) {
      String listed = weightMap.get(key);
      if (!name.equals(listed)) {
        throw new EngineException(
            "%s: has a tensor %s that %s %s"
                .formatted(
                    shard.path(),
                    JsonText.shown(key),
                    index,
                    listed == null ? "does not list" : "says is in " + listed));
      }
    }
  }

  private static EngineException wrong(Path index, String key, String what) {
    return new EngineException("%s: weight_map.%s %s".formatted(index, JsonText.shown(key), what));
  }
}
