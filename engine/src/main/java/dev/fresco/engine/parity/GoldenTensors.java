package dev.fresco.engine.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import java.util.ArrayList;
import java.util.List;

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

  void compare(String name, NDArray result) {
    compare(name, result.toFloatArray());
  }

  void compareIfThere(String name, NDArray result) {
    if (file.tensors().containsKey(name)) {
      compare(name, result);
    }
  }

  void compare(String name, float[] result) {
    double error = RelativeError.of(result, file.floats(name));
    rows.add(ParityRow.compared(golden, name, error, limit));
  }

  List<ParityRow> rows() {
    return List.copyOf(rows);
  }

  @Override
  public void close() {
    file.close();
  }
}
