package dev.fresco.lora.adapter;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Tells whether a file's keys and shapes are those of a LoRA (arXiv:2106.09685, equation 3: {@code
 * W + alpha / rank * up * down}).
 */
public final class LoraFile {
  private static final Set<String> FLOATS = Set.of("F16", "BF16", "F32", "F64");

  /** Parts of keys that other kinds of adapters use, and what those are called. */
  private static final Map<String, String> OTHER_KINDS =
      Map.of(
          ".hada_", "LoHa (LyCORIS)",
          ".lokr_", "LoKr (LyCORIS)",
          ".oft_", "OFT (LyCORIS)",
          ".lora_mid.", "a Tucker decomposition (LyCORIS)",
          ".dora_scale", "DoRA",
          ".lora_magnitude_vector", "DoRA");

  /** Metadata that says what a LoRA was trained on: the model specification's, then kohya's. */
  private static final List<String> BASE_MODEL =
      List.of("modelspec.architecture", "ss_base_model_version");

  private static final int LONGEST_BASE_MODEL = 100;

  private LoraFile() {}

  /** A layer's tensors by half, each with its key. */
  private static final class Layer {
    final Map<LoraSpelling.Half, String> keys = new EnumMap<>(LoraSpelling.Half.class);
    final Map<LoraSpelling.Half, TensorListing.Tensor> tensors =
        new EnumMap<>(LoraSpelling.Half.class);
  }

  /**
   * Describes a LoRA.
   *
   * @throws dev.fresco.platform.web.ProblemException 422 naming the key and what is wrong
   */
  public static AdapterDescription describe(TensorListing listing) {
    if (listing.tensors().isEmpty()) {
      throw Refusal.of(Refusal.FILE, "holds no tensors");
    }
    LoraSpelling spelling = spelling(listing.tensors().firstKey());
    SortedMap<String, Layer> layers = new TreeMap<>();
    SortedSet<String> targets = new TreeSet<>();
    listing
        .tensors()
        .forEach(
            (key, tensor) -> {
              LoraSpelling.Key parts = spelling.read(key).orElseThrow(() -> unknown(key, spelling));
              if (!FLOATS.contains(tensor.dtype())) {
                throw wrong(key, "has the dtype " + tensor.dtype() + "; it must be of " + FLOATS);
              }
              Layer layer = layers.computeIfAbsent(parts.layer(), name -> new Layer());
              layer.keys.put(parts.half(), key);
              layer.tensors.put(parts.half(), tensor);
              targets.add(parts.target());
            });
    SortedSet<Integer> ranks = new TreeSet<>();
    layers.values().forEach(layer -> ranks.add(rank(layer)));
    String baseModel = baseModel(listing.metadata());
    return new AdapterDescription(
        spelling.name().toLowerCase(Locale.ROOT),
        baseModel,
        List.copyOf(ranks),
        List.copyOf(targets),
        layers.size(),
        ModelFamily.ofLora(layers.keySet(), baseModel).orElse(null));
  }

  private static LoraSpelling spelling(String key) {
    return Stream.of(LoraSpelling.values())
        .filter(spelling -> spelling.read(key).isPresent())
        .findFirst()
        .orElseThrow(() -> unknown(key, null));
  }

  private static RuntimeException unknown(String key, LoraSpelling spelling) {
    for (Map.Entry<String, String> other : OTHER_KINDS.entrySet()) {
      if (key.contains(other.getKey())) {
        return wrong(key, "belongs to " + other.getValue() + "; only plain LoRAs are supported");
      }
    }
    return wrong(
        key,
        spelling == null
            ? "is spelt neither like a LoRA's of PEFT nor like one of kohya"
            : "is not spelt like the file's other keys (" + spelling + ")");
  }

  /** The rank on which both halves of a layer agree. */
  private static int rank(Layer layer) {
    String anyKey = layer.keys.values().iterator().next();
    TensorListing.Tensor down = layer.tensors.get(LoraSpelling.Half.DOWN);
    TensorListing.Tensor up = layer.tensors.get(LoraSpelling.Half.UP);
    if (down == null || up == null) {
      throw wrong(anyKey, "lacks its layer's " + (down == null ? "down" : "up") + " half");
    }
    requireMatrix(layer.keys.get(LoraSpelling.Half.DOWN), down);
    String upKey = layer.keys.get(LoraSpelling.Half.UP);
    requireMatrix(upKey, up);
    // A convolution's kernel is in the down half: [rank, in, height, width], [out, rank, 1, 1].
    if (up.shape().size() != down.shape().size()
        || up.shape().stream().skip(2).anyMatch(size -> size != 1)) {
      throw wrong(upKey, "has the shape %s beside %s".formatted(up.shape(), down.shape()));
    }
    long rank = down.shape().get(0);
    if (up.shape().get(1) != rank) {
      throw wrong(
          upKey,
          "has the shape %s, of rank %d, beside %s, of rank %d"
              .formatted(up.shape(), up.shape().get(1), down.shape(), rank));
    }
    TensorListing.Tensor alpha = layer.tensors.get(LoraSpelling.Half.ALPHA);
    if (alpha != null && !alpha.shape().isEmpty() && !alpha.shape().equals(List.of(1L))) {
      throw wrong(
          layer.keys.get(LoraSpelling.Half.ALPHA),
          "has the shape " + alpha.shape() + "; it must be one number");
    }
    return Math.toIntExact(rank);
  }

  private static void requireMatrix(String key, TensorListing.Tensor tensor) {
    int dimensions = tensor.shape().size();
    if (dimensions != 2 && dimensions != 4) {
      throw wrong(key, "has the shape " + tensor.shape() + "; it must have 2 or 4 dimensions");
    }
    if (tensor.shape().stream().anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
      throw wrong(key, "has the shape " + tensor.shape() + ", with a size out of range");
    }
  }

  private static String baseModel(Map<String, String> metadata) {
    return BASE_MODEL.stream()
        .map(metadata::get)
        .filter(said -> said != null && !said.isBlank() && said.length() <= LONGEST_BASE_MODEL)
        .filter(said -> said.chars().noneMatch(Character::isISOControl))
        .findFirst()
        .orElse(null);
  }

  private static RuntimeException wrong(String key, String problem) {
    return Refusal.ofKey(Refusal.FILE, key, problem);
  }
}
