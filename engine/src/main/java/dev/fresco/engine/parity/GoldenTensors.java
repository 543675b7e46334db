package dev.fresco.engine.parity;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The tensors of a golden file: inputs as native tensors, and rows for what came out. */
final class GoldenTensors implements AutoCloseable {
  private final GoldenFile golden;
  private final double limit;
  private final SafetensorsFile file;
  private final List<ParityRow> rows = new ArrayList<>();

  GoldenTensors(GoldenFile golden, double limit) {
    this.golden = golden;
    this.limit = limit;
    this.file = SafetensorsFile.open(golden.path());
  }

  Set<String> names() {
    return file.tensors().keySet();
  }

  boolean has(String name) {
    return file.tensors().containsKey(name);
  }

  /** An input as fp32, whatever its type in the file. */
  NDArray input(NDManager scope, String name) {
    return scope.create(file.floats(name), new Shape(shape(name)));
  }

  float[] values(String name) {
    return file.floats(name);
  }

  long[] shape(String name) {
    return file.tensor(name).shape();
  }

  /** A text of the metadata; empty where the reference was given none. */
  String textIfThere(String key) {
    return file.metadata().containsKey(key) ? metadata(key).asString("") : "";
  }

  boolean hasMetadata(String key) {
    return file.metadata().containsKey(key);
  }

  /**
   * An entry beside the tensors; each holds a JSON text.
   *
   * @throws EngineException if there is none or it is no JSON
   */
  JsonNode metadata(String key) {
    String text = file.metadata().get(key);
    if (text == null) {
      throw new EngineException(file.path() + ": has no metadata entry " + key);
    }
    return GoldenJson.parse(file.path() + ", metadata entry " + key, text.getBytes(UTF_8));
  }

  void compare(String name, NDArray result) {
    compare(name, result.toFloatArray());
  }

  void compareIfThere(String name, NDArray result) {
    if (has(name)) {
      compare(name, result);
    }
  }

  void compare(String name, float[] result) {
    judge(name, RelativeError.of(result, file.floats(name)), limit);
  }

  /** Compares with the reference of another name than the row has. */
  void compareAs(String row, String reference, float[] result) {
    judge(row, RelativeError.of(result, file.floats(reference)), limit);
  }

  /** Adds a row for an error that was measured in another way. */
  void judge(String name, double error, double limitOfThis) {
    rows.add(ParityRow.compared(golden, name, error, limitOfThis));
  }

  /** Adds a row for a part of the file that the engine does not do yet. */
  void leaveOut(String note) {
    rows.add(ParityRow.unsupported(golden, note));
  }

  List<ParityRow> rows() {
    return List.copyOf(rows);
  }

  @Override
  public void close() {
    file.close();
  }
}
