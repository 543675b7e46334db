package dev.fresco.engine.batch;

import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.checkpoint.StoredTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * Writes LoRAs of random numbers for a checkpoint, about as strong as the weights that they change.
 *
 * @param checkpoint folder in the diffusers layout
 * @param folder to write to
 */
record RandomLora(Path checkpoint, Path folder) {
  private static final Map<String, String> COMPONENTS =
      Map.of("unet", "lora_unet_", "text_encoder", "lora_te1_", "text_encoder_2", "lora_te2_");
  private static final String WEIGHT = ".weight";

  /** In PEFT's names, for the layers that are wanted of those called {@code COMPONENT.PATH}. */
  Path peft(String name, int rank, Predicate<String> wanted) {
    SafetensorsBytes file = new SafetensorsBytes();
    Random random = new Random(name.hashCode());
    layers(wanted)
        .forEach(
            (layer, shape) -> {
              half(file, layer + ".lora_A.weight", random, inner(shape, rank));
              half(file, layer + ".lora_B.weight", random, outer(shape, rank));
            });
    return file.writeTo(folder.resolve(name));
  }

  /** In kohya's, with an alpha of half the rank. */
  Path kohya(String name, int rank, Predicate<String> wanted) {
    SafetensorsBytes file = new SafetensorsBytes();
    Random random = new Random(name.hashCode());
    layers(wanted)
        .forEach(
            (layer, shape) -> {
              int dot = layer.indexOf('.');
              String path = layer.substring(dot + 1).replace('.', '_');
              String key = COMPONENTS.get(layer.substring(0, dot)) + path;
              half(file, key + ".lora_down.weight", random, inner(shape, rank));
              half(file, key + ".lora_up.weight", random, outer(shape, rank));
              file.floats(key + ".alpha", new float[] {rank / 2f});
            });
    return file.writeTo(folder.resolve(name));
  }

  private Map<String, long[]> layers(Predicate<String> wanted) {
    Map<String, long[]> layers = new TreeMap<>();
    for (String component : COMPONENTS.keySet()) {
      for (String file : List.of("diffusion_pytorch_model.safetensors", "model.safetensors")) {
        Path path = checkpoint.resolve(component).resolve(file);
        if (Files.exists(path)) {
          read(path).forEach((layer, shape) -> layers.put(component + "." + layer, shape));
        }
      }
    }
    layers.keySet().removeIf(wanted.negate());
    return layers;
  }

  private static Map<String, long[]> read(Path path) {
    Map<String, long[]> layers = new TreeMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      for (StoredTensor tensor : file.tensors().values()) {
        String name = tensor.name();
        if (name.endsWith(WEIGHT) && tensor.shape().length > 1 && !name.contains("embeddings")) {
          layers.put(name.substring(0, name.length() - WEIGHT.length()), tensor.shape());
        }
      }
    }
    layers.remove("text_projection");
    return layers;
  }

  private static long[] inner(long[] weight, int rank) {
    long[] shape = weight.clone();
    shape[0] = rank;
    return shape;
  }

  private static long[] outer(long[] weight, int rank) {
    long[] shape = LongStream.of(weight).map(size -> 1).toArray();
    shape[0] = weight[0];
    shape[1] = rank;
    return shape;
  }

  /** Of a size that keeps what comes out as large as what goes in, or smaller. */
  private static void half(SafetensorsBytes file, String key, Random random, long[] shape) {
    float[] numbers = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    double size = 0.7 / Math.sqrt((double) numbers.length / shape[0]);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) (size * random.nextGaussian());
    }
    file.floats(key, numbers, shape);
  }
}
