package dev.fresco.engine.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.checkpoint.StoredTensor;
import dev.fresco.engine.dit.TokenLayout.Group;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.parity.RelativeError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FluxTransformerTest {
  private static final Path FLUX = Path.of("fixtures/flux-dev-tiny/transformer");
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";
  private static final TokenLayout LAYOUT =
      new TokenLayout(
          List.of(
              new Group(2, new TokenShape(20, 4, 6)),
              new Group(1, new TokenShape(20, 6, 4)),
              new Group(3, new TokenShape(3, 1, 1))));
  private static final List<TokenShape> MEMBERS =
      LAYOUT.groups().stream()
          .flatMap(group -> Collections.nCopies(group.members(), group.shape()).stream())
          .toList();
  private static KernelLibrary kernels;
  private static FluxTransformer transformer;
  @TempDir Path folder;
  private NDManager scope;
  private RotaryTables tables;

  @BeforeAll
  static void load() {
    kernels = KernelLibrary.on("cpu");
    transformer = load(FLUX);
  }

  @AfterAll
  static void unload() {
    transformer.close();
    kernels.close();
  }

  @BeforeEach
  void open() {
    scope = kernels.manager().newSubManager();
    tables = new RotaryTables(scope.newSubManager(), transformer.config().rotaryAxes());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void membersOfAllSizesGetWhatTheyGetAlone() {
    List<FluxInput> members = MEMBERS.stream().map(this::member).toList();
    float[][] together = split(transformer.forward(scope, batch(members, AdapterTerms.none())));

    for (int i = 0; i < members.size(); i++) {
      float[] alone = transformer.forward(scope, members.get(i)).toFloatArray();
      assertThat(RelativeError.of(together[i], alone)).as("member %d", i).isLessThan(1e-5);
    }
  }

  @Test
  void adaptersChangeTheirOwnMembersAsIfTheyWereInTheWeights() throws IOException {
    Map<String, NDArray[]> first = lowRank(2);
    Map<String, NDArray[]> second = lowRank(5);
    List<FluxInput> members = MEMBERS.stream().map(this::member).toList();
    try (FluxTransformer withFirst = load(merged("first", first));
        FluxTransformer withSecond = load(merged("second", second));
        AdapterTerms terms =
            AdapterTerms.of(
                List.of(dictionary(first), dictionary(second)),
                List.of(
                    new AdapterTerms.Rows(0, 0, 1, 2),
                    new AdapterTerms.Rows(1, 1, 0, 1),
                    new AdapterTerms.Rows(0, 2, 0, 2)))) {
      float[][] together = split(transformer.forward(scope, batch(members, terms)));

      List<FluxTransformer> alone =
          List.of(transformer, withFirst, withSecond, withFirst, withFirst, transformer);
      for (int i = 0; i < members.size(); i++) {
        float[] expected = alone.get(i).forward(scope, members.get(i)).toFloatArray();
        assertThat(RelativeError.of(together[i], expected)).as("member %d", i).isLessThan(1e-5);
      }
      float[] plain = transformer.forward(scope, members.get(1)).toFloatArray();
      assertThat(RelativeError.of(together[1], plain)).isGreaterThan(0.01);
    }
  }

  @Test
  void leavesOnlyItsResultInTheScopeAndItsInputAsItWas() {
    FluxInput member = member(MEMBERS.get(0));
    float[] latents = member.latents().toFloatArray();
    float[] words = member.words().toFloatArray();
    int before = scope.getManagedArrays().size();
    NDArray out = transformer.forward(scope, member);

    assertThat(scope.getManagedArrays()).hasSize(before + 1).contains(out);
    assertThat(out.getDataType()).isEqualTo(DataType.FLOAT32);
    assertThat(member.latents().toFloatArray()).isEqualTo(latents);
    assertThat(member.words().toFloatArray()).isEqualTo(words);
  }

  @Test
  void namesEverythingThatIsWrongWithTheWeights() throws IOException {
    Path broken =
        checkpoint(
            "broken",
            SafetensorsBytes.copyOf(FLUX.resolve(WEIGHTS))
                .without("transformer_blocks.0.attn.norm_added_q.weight")
                .floats("x_embedder.weight", new float[12], 3, 4)
                .floats("extra.weight", new float[2], 2));

    assertThatThrownBy(() -> load(broken))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("3 problems")
        .hasMessageContaining("missing transformer_blocks.0.attn.norm_added_q.weight [16]")
        .hasMessageContaining("x_embedder.weight has shape [3, 4], expected [32, 16]")
        .hasMessageContaining("unexpected extra.weight F32[2]");
  }

  private FluxInput member(TokenShape shape) {
    return new FluxInput(
        new TokenLayout(List.of(new Group(1, shape))),
        noise(shape.places(), 16),
        noise(shape.words(), 32),
        new FluxInput.Conditions(noise(1).abs(), noise(1).mul(3), noise(1, 32)),
        List.of(tables.of(shape)),
        AdapterTerms.none());
  }

  private FluxInput batch(List<FluxInput> members, AdapterTerms terms) {
    return new FluxInput(
        LAYOUT,
        concat(members.stream().map(FluxInput::latents)),
        concat(members.stream().map(FluxInput::words)),
        new FluxInput.Conditions(
            concat(members.stream().map(member -> member.conditions().timesteps())),
            concat(members.stream().map(member -> member.conditions().guidance())),
            concat(members.stream().map(member -> member.conditions().pooled()))),
        LAYOUT.shapes().stream().map(tables::of).toList(),
        terms);
  }

  private static NDArray concat(Stream<NDArray> tensors) {
    return NDArrays.concat(new NDList(tensors.toList()));
  }

  /** Each member's part of what came out. */
  private static float[][] split(NDArray out) {
    float[] all = out.toFloatArray();
    float[][] parts = new float[MEMBERS.size()][];
    int at = 0;
    for (int i = 0; i < parts.length; i++) {
      int end = at + MEMBERS.get(i).places() * (int) out.getShape().get(1);
      parts[i] = Arrays.copyOfRange(all, at, end);
      at = end;
    }
    return parts;
  }

  private NDArray noise(long... shape) {
    return scope.randomNormal(new Shape(shape));
  }

  /** Terms for every linear layer that adapters may change: down and up, by the layer's key. */
  private Map<String, NDArray[]> lowRank(int rank) {
    Map<String, NDArray[]> terms = new HashMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(FLUX.resolve(WEIGHTS))) {
      for (StoredTensor tensor : file.tensors().values()) {
        String name = tensor.name();
        if (tensor.shape().length == 2) {
          NDArray[] downAndUp = {
            noise(rank, tensor.shape()[1]).mul(0.1), noise(tensor.shape()[0], rank).mul(0.1)
          };
          terms.put(name.substring(0, name.length() - ".weight".length()), downAndUp);
        }
      }
    }
    assertThat(terms.size()).isEqualTo(36);
    return terms;
  }

  /** A checkpoint with the terms added to its weights. */
  private Path merged(String name, Map<String, NDArray[]> terms) throws IOException {
    SafetensorsBytes bytes = SafetensorsBytes.copyOf(FLUX.resolve(WEIGHTS));
    try (SafetensorsFile file = SafetensorsFile.open(FLUX.resolve(WEIGHTS))) {
      terms.forEach(
          (layer, downAndUp) -> {
            String key = layer + ".weight";
            long[] shape = file.tensor(key).shape();
            NDArray weight = scope.create(file.floats(key), new Shape(shape));
            NDArray sum = weight.add(downAndUp[1].dot(downAndUp[0]));
            bytes.floats(key, sum.toFloatArray(), shape);
          });
    }
    return checkpoint(name, bytes);
  }

  private static KernelWeights dictionary(Map<String, NDArray[]> terms) {
    Map<String, NDArray> tensors = new HashMap<>();
    terms.forEach(
        (layer, downAndUp) -> {
          tensors.put(layer + ".down", downAndUp[0]);
          tensors.put(layer + ".up", downAndUp[1]);
        });
    return KernelWeights.of(tensors);
  }

  private Path checkpoint(String name, SafetensorsBytes weights) throws IOException {
    Path path = Files.createDirectory(folder.resolve(name));
    Files.copy(FLUX.resolve("config.json"), path.resolve("config.json"));
    weights.writeTo(path.resolve(WEIGHTS));
    return path;
  }

  private static FluxTransformer load(Path path) {
    return FluxTransformer.load(new ComponentFolder(path), kernels, ComputeType.FP32);
  }
}
