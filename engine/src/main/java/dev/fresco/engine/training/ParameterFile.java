package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.checkpoint.StoredTensor;
import dev.fresco.engine.checkpoint.StoredType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Weights and moments in a safetensors file, so that training goes on bit for bit. Each weight has
 * its own name, the moments the prefixes {@code first_moment.} and {@code second_moment.}; the
 * header's free text has the steps taken, and what else tells files apart. Sums of gradients are
 * not in it.
 */
public final class ParameterFile implements AutoCloseable {
  private static final String FIRST_MOMENT = "first_moment.";
  private static final String SECOND_MOMENT = "second_moment.";
  private static final String STEPS = "steps";

  private final SafetensorsFile source;

  private ParameterFile(SafetensorsFile source) {
    this.source = source;
  }

  /**
   * Writes a file, in the place of one that was there; a failure leaves that one.
   *
   * @param texts what else the header says
   * @throws EngineException naming the file, if it cannot be written
   */
  public static void save(ParameterSet parameters, Map<String, String> texts, Path file) {
    SortedMap<String, NDArray> tensors = new TreeMap<>();
    parameters
        .byName()
        .forEach(
            (name, parameter) -> {
              tensors.put(name, parameter.weight());
              tensors.put(FIRST_MOMENT + name, parameter.firstMoment());
              tensors.put(SECOND_MOMENT + name, parameter.secondMoment());
            });
    Map<String, String> metadata = new HashMap<>(texts);
    metadata.put(STEPS, Long.toString(parameters.steps()));
    SafetensorsWriter.write(file, tensors, metadata);
  }

  /**
   * Puts the weights of several files into one, without their moments.
   *
   * @param files of parts of one model
   * @param texts what the new file's header says
   * @throws EngineException naming the file that cannot be read or written, or the weight that is
   *     in two of them
   */
  public static void join(List<Path> files, Map<String, String> texts, Path target) {
    List<SafetensorsFile> sources = new ArrayList<>();
    try {
      Map<StoredTensor, SafetensorsFile> weights = new HashMap<>();
      Set<String> names = new HashSet<>();
      for (Path file : files) {
        SafetensorsFile source = SafetensorsFile.open(file);
        sources.add(source);
        for (StoredTensor tensor : source.tensors().values()) {
          if (isWeight(tensor.name()) && !names.add(tensor.name())) {
            throw new EngineException(source.place(tensor) + " is in another file, too");
          }
          if (isWeight(tensor.name())) {
            weights.put(tensor, source);
          }
        }
      }
      SafetensorsWriter.copy(target, weights, texts);
    } finally {
      sources.forEach(SafetensorsFile::close);
    }
  }

  private static boolean isWeight(String name) {
    return !name.startsWith(FIRST_MOMENT) && !name.startsWith(SECOND_MOMENT);
  }

  /**
   * Opens a file to read from.
   *
   * @throws EngineException naming the file and what is wrong, if it cannot be read or is damaged
   */
  public static ParameterFile open(Path file) {
    return new ParameterFile(SafetensorsFile.open(file));
  }

  /**
   * @throws EngineException if the header says something else under the key
   */
  public void requireText(String key, String wanted) {
    String found = source.metadata().get(key);
    if (!wanted.equals(found)) {
      throw new EngineException(
          "%s: its %s is %s; %s is wanted".formatted(source.path(), key, found, wanted));
    }
  }

  /**
   * @throws EngineException if the header says none
   */
  public long steps() {
    String text = source.metadata().getOrDefault(STEPS, "missing");
    if (!text.matches("\\d{1,18}")) {
      throw new EngineException(
          "%s: its %s is %s; a number is wanted".formatted(source.path(), STEPS, text));
    }
    return Long.parseLong(text);
  }

  /**
   * Reads all of a set, which is empty before, into its memory.
   *
   * @param shapes by the weights' names
   * @throws EngineException naming the tensor that is missing or of another shape
   */
  public void readInto(ParameterSet parameters, Map<String, long[]> shapes) {
    shapes.forEach(
        (name, sizes) -> parameters.add(name, parameter(parameters.manager(), name, sizes)));
    parameters.setSteps(steps());
  }

  Parameter parameter(NDManager scope, String name, long[] sizes) {
    return Parameter.resumed(
        scope,
        read(name, sizes),
        read(FIRST_MOMENT + name, sizes),
        read(SECOND_MOMENT + name, sizes));
  }

  private HostTensor read(String name, long[] sizes) {
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

  @Override
  public void close() {
    source.close();
  }
}
