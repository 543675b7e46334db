package dev.fresco.engine.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.dit.FluxInput;
import dev.fresco.engine.dit.FluxTransformer;
import dev.fresco.engine.dit.RotaryTables;
import dev.fresco.engine.dit.TokenLayout;
import dev.fresco.engine.dit.TokenShape;
import dev.fresco.engine.kernel.AdapterTerms;
import java.util.List;

/** {@code FAMILY.transformer}: the prediction, and what each block returns for the text. */
public final class TransformerParity implements ParityCheck {
  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("transformer");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit());
        FluxTransformer transformer =
            FluxTransformer.load(
                golden.component("transformer"), settings.kernels(), settings.computeType());
        NDManager scope = settings.kernels().manager().newSubManager();
        RotaryTables tables =
            new RotaryTables(scope.newSubManager(), transformer.config().rotaryAxes())) {
      int members = (int) tensors.shape("hidden_states")[0];
      TokenShape shape = shape(tensors);
      TokenLayout layout = new TokenLayout(List.of(new TokenLayout.Group(members, shape)));
      NDArray out =
          transformer.forward(
              scope,
              input(tensors, scope, layout, tables),
              (name, output) -> {
                if (tensors.has("layer." + name)) {
                  tensors.compare("layer." + name, likeReference(name, output, members, shape));
                }
              });
      tensors.compare("out", out);
      return tensors.rows();
    }
  }

  private static FluxInput input(
      GoldenTensors tensors, NDManager scope, TokenLayout layout, RotaryTables tables) {
    NDArray timesteps = tensors.input(scope, "timestep");
    return new FluxInput(
        layout,
        flat(tensors.input(scope, "hidden_states")),
        flat(tensors.input(scope, "encoder_hidden_states")),
        new FluxInput.Conditions(
            timesteps,
            tensors.has("guidance") ? tensors.input(scope, "guidance") : timesteps.zerosLike(),
            tensors.input(scope, "pooled_projections")),
        layout.shapes().stream().map(tables::of).toList(),
        AdapterTerms.none());
  }

  /** The last row of the places' ids says how many there are on each axis. */
  private static TokenShape shape(GoldenTensors tensors) {
    int words = (int) tensors.shape("encoder_hidden_states")[1];
    float[] ids = tensors.values("img_ids"); // [places, 3]
    return new TokenShape(words, (int) ids[ids.length - 2] + 1, (int) ids[ids.length - 1] + 1);
  }

  private static NDArray flat(NDArray tokens) {
    return tokens.reshape(new Shape(-1, tokens.getShape().get(2)));
  }

  /** Single blocks of the reference return the words first, and those were kept. */
  private static float[] likeReference(String name, NDArray output, int members, TokenShape shape) {
    float[] all = output.toFloatArray();
    if (!name.startsWith("single_transformer_blocks.")) {
      return all;
    }
    int perMember = all.length / members;
    int words = perMember / shape.tokens() * shape.words();
    float[] result = new float[words * members];
    for (int member = 0; member < members; member++) {
      System.arraycopy(all, member * perMember, result, member * words, words);
    }
    return result;
  }
}
