package dev.fresco.engine.adapter;

import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.checkpoint.StoredTensor;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads LoRA files for one model. */
public final class LoraReader {
  private final Map<LoraComponent, NetworkLayers> networks;
  private final Map<LoraComponent, LayerNames> names = new EnumMap<>(LoraComponent.class);
  private final long largestBytes;

  /**
   * @param networks the model's networks that adapters may change
   */
  public LoraReader(Map<LoraComponent, NetworkLayers> networks) {
    this(networks, Runtime.getRuntime().maxMemory() / 2);
  }

  /**
   * @param largestBytes of Java memory that one adapter may take as fp32
   */
  LoraReader(Map<LoraComponent, NetworkLayers> networks, long largestBytes) {
    this.largestBytes = largestBytes;
    this.networks = new EnumMap<>(networks);
    networks.forEach(
        (component, network) -> names.put(component, new LayerNames(component, network)));
  }

  /**
   * Reads a file whole. Nothing of it stays open.
   *
   * @throws dev.fresco.engine.EngineException naming the file, the key and what is wrong: damage,
   *     another kind of adapter, layers that the model does not have or that do not fit it, numbers
   *     that are not finite
   */
  public LoraAdapter read(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      LoraListing listing = LoraListing.of(file.tensors(), file.metadata(), path.toString());
      Reading reading = new Reading(file, listing);
      listing.layers().forEach(reading::requireFitting);
      requireRoom(file);
      listing.layers().forEach(reading::take);
      return new LoraAdapter(path.toString(), reading.taken);
    }
  }

  private void requireRoom(SafetensorsFile file) {
    long bytes =
        file.tensors().values().stream()
            .mapToLong(tensor -> tensor.byteCount() / tensor.type().bytes() * Float.BYTES)
            .sum();
    if (bytes > largestBytes) {
      throw LoraRefusedException.ofFile(
          file.path().toString(),
          "takes %d bytes as fp32; the limit is %d, half of the Java heap (-Xmx)"
              .formatted(bytes, largestBytes));
    }
  }

  /** The shapes are held against the network before the first number is read. */
  private final class Reading {
    private final SafetensorsFile file;
    private final LoraListing listing;
    private final Map<LoraComponent, SortedMap<String, LowRank>> taken =
        new EnumMap<>(LoraComponent.class);
    private final Map<LoraComponent, SortedMap<String, String>> claims =
        new EnumMap<>(LoraComponent.class);

    Reading(SafetensorsFile file, LoraListing listing) {
      this.file = file;
      this.listing = listing;
    }

    void requireFitting(LoraLayer layer) {
      LayerFit fit = fit(layer);
      fit.problem()
          .ifPresent(
              problem -> {
                throw wrong(layer.up(), problem);
              });
      for (String path : fit.target().paths()) {
        String other =
            claims
                .computeIfAbsent(layer.component(), component -> new TreeMap<>())
                .put(path, layer.up().name());
        if (other != null) {
          throw wrong(layer.up(), "changes the layer %s, and so does %s".formatted(path, other));
        }
      }
    }

    void take(LoraLayer layer) {
      LayerFit fit = fit(layer);
      double scale = scale(layer, fit.target());
      SortedMap<String, LowRank> paths =
          taken.computeIfAbsent(layer.component(), component -> new TreeMap<>());
      paths.putAll(fit.parts(numbers(layer.down()), numbers(layer.up()), scale));
    }

    private LayerFit fit(LoraLayer layer) {
      LayerNames known = names.get(layer.component());
      if (known == null) {
        throw wrong(
            layer.down(),
            "is of a %s; adapters of this model change %s"
                .formatted(layer.component().folder(), folders()));
      }
      if (known.ambiguous(listing.spelling(), layer.name())) {
        throw wrong(layer.down(), "may mean several layers of the " + layer.component().folder());
      }
      LayerTarget target =
          known
              .find(listing.spelling(), layer.name())
              .orElseThrow(
                  () ->
                      wrong(
                          layer.down(),
                          "is of a layer that the %s does not have"
                              .formatted(layer.component().folder())));
      return new LayerFit(layer, target, networks.get(layer.component()));
    }

    private String folders() {
      return networks.keySet().stream().map(LoraComponent::folder).toList().toString();
    }

    private double scale(LoraLayer layer, LayerTarget target) {
      if (listing.spelling() != LoraSpelling.KOHYA) {
        OptionalDouble said =
            listing.alphas().scale(layer.component(), target.paths().get(0), layer.rank());
        if (said.isPresent()) {
          return said.getAsDouble();
        }
      }
      return layer.alpha() == null ? 1 : (double) numbers(layer.alpha())[0] / layer.rank();
    }

    private float[] numbers(StoredTensor tensor) {
      float[] numbers = file.floats(tensor.name());
      for (float number : numbers) {
        if (!Float.isFinite(number)) {
          throw wrong(tensor, "holds numbers that are not finite");
        }
      }
      return numbers;
    }

    private LoraRefusedException wrong(StoredTensor tensor, String problem) {
      return LoraRefusedException.ofKey(file.path().toString(), tensor.name(), problem);
    }
  }
}
