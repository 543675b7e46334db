package dev.fresco.engine.finetune;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.training.ParameterFile;
import dev.fresco.engine.training.ParameterSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The halves of a LoRA on the attention of a UNet, under PEFT's names: {@code
 * unet.PATH.lora_A.weight} from a layer's input to the rank, {@code lora_B} from there to its
 * output. A begins normal with the deviation 1 / rank (PEFT's {@code gaussian}), B at zero, so the
 * network begins as it was.
 */
final class LoraFactors implements AutoCloseable {
  static final String COMPONENT = "unet.";
  static final String DOWN = ".lora_A.weight";
  static final String UP = ".lora_B.weight";

  private static final Pattern ATTENTION = Pattern.compile(".*\\.attn[12]\\.to_(q|k|v|out\\.0)");
  private static final String OWNER = "the LoRA";

  private final ParameterSet parameters;
  private final List<String> layers;

  private LoraFactors(ParameterSet parameters, List<String> layers) {
    this.parameters = parameters;
    this.layers = layers;
    parameters.byName().values().forEach(each -> each.weight().setRequiresGradient(true));
  }

  /**
   * Before the first step.
   *
   * @param layers of the network, {@code [out, in]} by path
   * @param seed any value
   */
  static LoraFactors draw(KernelLibrary kernels, Map<String, long[]> layers, int rank, long seed) {
    ParameterSet parameters = new ParameterSet(kernels, OWNER);
    try {
      shapes(layers, rank).forEach((name, shape) -> parameters.add(name, start(name, shape, seed)));
      return new LoraFactors(parameters, attention(layers));
    } catch (RuntimeException | Error e) {
      parameters.close();
      throw e;
    }
  }

  /**
   * Between two steps.
   *
   * @throws dev.fresco.engine.EngineException if the file has not the same factors
   */
  static LoraFactors resume(
      KernelLibrary kernels, Map<String, long[]> layers, int rank, ParameterFile file) {
    ParameterSet parameters = new ParameterSet(kernels, OWNER);
    try {
      file.readInto(parameters, shapes(layers, rank));
      return new LoraFactors(parameters, attention(layers));
    } catch (RuntimeException | Error e) {
      parameters.close();
      throw e;
    }
  }

  private static List<String> attention(Map<String, long[]> layers) {
    return layers.keySet().stream().filter(ATTENTION.asMatchPredicate()).sorted().toList();
  }

  private static SortedMap<String, long[]> shapes(Map<String, long[]> layers, int rank) {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    for (String path : attention(layers)) {
      long[] weight = layers.get(path);
      shapes.put(COMPONENT + path + DOWN, new long[] {rank, weight[1]});
      shapes.put(COMPONENT + path + UP, new long[] {weight[0], rank});
    }
    return shapes;
  }

  private static HostTensor start(String name, long[] shape, long seed) {
    if (name.endsWith(UP)) {
      return HostTensor.of(new float[(int) (shape[0] * shape[1])], shape);
    }
    CRC32 own = new CRC32();
    own.update((seed + " " + name).getBytes(UTF_8));
    HostTensor noise = TorchNoise.standardNormal(own.getValue(), shape);
    for (int i = 0; i < noise.data().length; i++) {
      noise.data()[i] /= shape[0];
    }
    return noise;
  }

  ParameterSet parameters() {
    return parameters;
  }

  /** The paths of the layers that the LoRA changes, in order. */
  List<String> layers() {
    return layers;
  }

  NDArray down(String layer) {
    return parameters.byName().get(COMPONENT + layer + DOWN).weight();
  }

  NDArray up(String layer) {
    return parameters.byName().get(COMPONENT + layer + UP).weight();
  }

  @Override
  public void close() {
    parameters.close();
  }
}
