package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.checkpoint.StoredTensor;
import dev.fresco.engine.checkpoint.StoredType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A stage's weights and moments in a safetensors file, so that training goes on bit for bit. Each
 * weight has its name in the model, the moments the prefixes {@code first_moment.} and {@code
 * second_moment.}; the header's free text has the model's shape, the stage's blocks and the steps
 * taken. Sums of gradients are not in it: save between a step and the next forward pass.
 */
public final class StageCheckpoint {
  private static final String FIRST_MOMENT = "first_moment.";
  private static final String SECOND_MOMENT = "second_moment.";
  private static final String SHAPE = "shape";
  private static final String BLOCKS = "blocks";
  private static final String STEPS = "steps";

  private StageCheckpoint() {}

  /**
   * Writes a file, in the place of one that was there; a failure leaves that one.
   *
   * @throws EngineException naming the file, if it cannot be written
   */
  public static void save(StageParameters stage, Path file) {
    SortedMap<String, NDArray> tensors = new TreeMap<>();
    stage
        .byName()
        .forEach(
            (name, parameter) -> {
              tensors.put(name, parameter.weight());
              tensors.put(FIRST_MOMENT + name, parameter.firstMoment());
              tensors.put(SECOND_MOMENT + name, parameter.secondMoment());
            });
    SafetensorsWriter.write(
        file,
        tensors,
        Map.of(
            SHAPE, stage.shape().toString(),
            BLOCKS, stage.blocks().toString(),
            STEPS, Long.toString(stage.steps())));
  }

  /**
   * Reads a file into new native memory; it may be overwritten afterwards.
   *
   * @throws EngineException naming the file and what is wrong, if it cannot be read, is damaged or
   *     is of another model or stage
   */
  public static StageParameters load(
      KernelLibrary kernels, LanguageModelShape shape, StageBlocks blocks, Path file) {
    try (SafetensorsFile source = SafetensorsFile.open(file)) {
      requireText(source, SHAPE, shape.toString());
      requireText(source, BLOCKS, blocks.toString());
      long steps = steps(source);
      StageParameters stage =
          StageParameters.make(
              kernels,
              shape,
              blocks,
              (scope, name, sizes) -> parameter(source, scope, name, sizes));
      stage.setSteps(steps);
      return stage;
    }
  }

  private static void requireText(SafetensorsFile source, String key, String wanted) {
    String found = source.metadata().get(key);
    if (!wanted.equals(found)) {
      throw new EngineException(
          "%s: its %s is %s; %s is wanted".formatted(source.path(), key, found, wanted));
    }
  }

  private static long steps(SafetensorsFile source) {
    String text = source.metadata().getOrDefault(STEPS, "missing");
    if (!text.matches("\\d{1,18}")) {
      throw new EngineException(
          "%s: its %s is %s; a number is wanted".formatted(source.path(), STEPS, text));
    }
    return Long.parseLong(text);
  }

  private static Parameter parameter(
      SafetensorsFile source, NDManager scope, String name, long[] sizes) {
    return Parameter.resumed(
        scope,
        read(source, name, sizes),
        read(source, FIRST_MOMENT + name, sizes),
        read(source, SECOND_MOMENT + name, sizes));
  }

  private static HostTensor read(SafetensorsFile source, String name, long[] sizes) {
    StoredTensor tensor = source.tensor(name);
    if (tensor.type() != StoredType.F32 || !Arrays.equals(tensor.shape(), sizes)) {
      throw new EngineException(
          "%s is %s; F32%s is wanted"
              .formatted(source.place(tensor), tensor.describe(), Arrays.toString(sizes)));
    }
    float[] values = new float[(int) (tensor.byteCount() / Float.BYTES)];
    source.map(tensor).asFloatBuffer().get(values);
    return HostTensor.of(values, sizes);
  }
}
