package dev.fresco.engine.adapter;

import dev.fresco.engine.checkpoint.StoredTensor;
import dev.fresco.engine.checkpoint.StoredType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The layers of a LoRA (arXiv:2106.09685, equation 3: {@code W + alpha / rank * up * down}), from
 * the names and shapes of a file's tensors alone. What it says holds for any network; whether the
 * layers are those of a certain one is for {@link LoraReader} to find.
 *
 * @param layers in the order of their keys, at least one
 * @param alphas what the file says beside the tensors
 */
public record LoraListing(LoraSpelling spelling, List<LoraLayer> layers, PeftAlphas alphas) {
  /** Ranks are tens in practice; a rank over this means a file that is none. */
  public static final int LARGEST_RANK = 1024;

  private static final Set<StoredType> FLOATS =
      Set.of(StoredType.F16, StoredType.BF16, StoredType.F32, StoredType.F64);

  /** Parts of keys that other kinds of adapters use, and what those are called. */
  private static final Map<String, String> OTHER_KINDS =
      Map.of(
          ".hada_", "LoHa (LyCORIS)",
          ".lokr_", "LoKr (LyCORIS)",
          ".oft_", "OFT (LyCORIS)",
          ".on_input", "IA3 (LyCORIS)",
          ".ia3_", "IA3",
          ".lora_mid.", "a Tucker decomposition (LyCORIS)",
          ".dora_scale", "DoRA",
          ".lora_magnitude_vector", "DoRA");

  public LoraListing {
    layers = List.copyOf(layers);
  }

  /**
   * Pairs a file's tensors up.
   *
   * @param tensors by key
   * @param metadata the header's free text entries
   * @param file its name, for errors
   * @throws LoraRefusedException naming the key and what is wrong
   */
  public static LoraListing of(
      SortedMap<String, StoredTensor> tensors, Map<String, String> metadata, String file) {
    if (tensors.isEmpty()) {
      throw LoraRefusedException.ofFile(file, "holds no tensors");
    }
    tensors.keySet().forEach(key -> requirePlain(file, key));
    LoraSpelling spelling = spelling(tensors.keySet(), file);
    List<LoraLayer> layers = new Pairing(file, spelling).pair(tensors.values());
    return new LoraListing(spelling, layers, PeftAlphas.read(metadata, file));
  }

  private static void requirePlain(String file, String key) {
    OTHER_KINDS.forEach(
        (part, kind) -> {
          if (key.contains(part)) {
            throw LoraRefusedException.ofKey(
                file, key, "belongs to " + kind + "; only plain LoRAs are supported");
          }
        });
  }

  /** That of the first half; several spellings share the key of an alpha. */
  private static LoraSpelling spelling(Set<String> keys, String file) {
    for (String key : keys) {
      List<LoraSpelling> spellings =
          Stream.of(LoraSpelling.values()).filter(each -> each.read(key).isPresent()).toList();
      if (spellings.isEmpty()) {
        throw LoraRefusedException.ofKey(
            file, key, "is spelt neither like a LoRA's of PEFT or diffusers nor like one of kohya");
      }
      if (spellings.get(0).read(key).orElseThrow().half() != LoraHalf.ALPHA) {
        return spellings.get(0);
      }
    }
    throw LoraRefusedException.ofKey(file, keys.iterator().next(), "lacks its layer's down half");
  }

  /** Collects the halves of each layer. */
  private record Pairing(String file, LoraSpelling spelling) {
    private record Name(LoraComponent component, String layer) {}

    List<LoraLayer> pair(Iterable<StoredTensor> tensors) {
      Map<Name, Map<LoraHalf, StoredTensor>> layers = new LinkedHashMap<>();
      for (StoredTensor tensor : tensors) {
        LoraSpelling.Key key =
            spelling
                .read(tensor.name())
                .orElseThrow(
                    () ->
                        wrong(
                            tensor,
                            "is not spelt like the file's other keys (%s)".formatted(spelling)));
        StoredTensor other =
            layers
                .computeIfAbsent(
                    new Name(key.component(), key.layer()), name -> new EnumMap<>(LoraHalf.class))
                .put(key.half(), tensor);
        if (other != null) {
          throw wrong(tensor, "says the same as " + other.name());
        }
        requireFloats(tensor);
      }
      return layers.entrySet().stream()
          .map(entry -> layer(entry.getKey(), entry.getValue()))
          .toList();
    }

    private void requireFloats(StoredTensor tensor) {
      if (!FLOATS.contains(tensor.type())) {
        throw wrong(tensor, "has the dtype " + tensor.type() + "; it must be of " + FLOATS);
      }
    }

    private LoraLayer layer(Name name, Map<LoraHalf, StoredTensor> halves) {
      StoredTensor down = halves.get(LoraHalf.DOWN);
      StoredTensor up = halves.get(LoraHalf.UP);
      StoredTensor alpha = halves.get(LoraHalf.ALPHA);
      if (down == null || up == null) {
        throw wrong(
            halves.values().iterator().next(),
            "lacks its layer's " + (down == null ? "down" : "up") + " half");
      }
      requireMatrix(down);
      requireMatrix(up);
      requirePair(down, up);
      if (alpha != null && LongStream.of(alpha.shape()).reduce(1, Math::multiplyExact) != 1) {
        throw wrong(
            alpha, "has the shape " + Arrays.toString(alpha.shape()) + "; it must be one number");
      }
      return new LoraLayer(name.component(), name.layer(), down, up, alpha);
    }

    private void requireMatrix(StoredTensor tensor) {
      int dimensions = tensor.shape().length;
      if (dimensions != 2 && dimensions != 4) {
        throw wrong(
            tensor,
            "has the shape "
                + Arrays.toString(tensor.shape())
                + "; it must have 2 or 4 dimensions");
      }
      if (LongStream.of(tensor.shape()).anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
        throw wrong(
            tensor,
            "has the shape " + Arrays.toString(tensor.shape()) + ", with a size out of range");
      }
    }

    /** A convolution's kernel is in the down half. */
    private void requirePair(StoredTensor down, StoredTensor up) {
      long[] inner = down.shape();
      long[] outer = up.shape();
      if (outer.length != inner.length || LongStream.of(outer).skip(2).anyMatch(size -> size > 1)) {
        throw wrong(
            up,
            "has the shape %s beside %s".formatted(Arrays.toString(outer), Arrays.toString(inner)));
      }
      if (outer[1] != inner[0]) {
        throw wrong(
            up,
            "has the shape %s, of rank %d, beside %s, of rank %d"
                .formatted(Arrays.toString(outer), outer[1], Arrays.toString(inner), inner[0]));
      }
      if (inner[0] > LARGEST_RANK) {
        throw wrong(down, "is of rank %d; the limit is %d".formatted(inner[0], LARGEST_RANK));
      }
    }

    private LoraRefusedException wrong(StoredTensor tensor, String problem) {
      return LoraRefusedException.ofKey(file, tensor.name(), problem);
    }
  }
}
