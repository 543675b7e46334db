package dev.fresco.engine.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One network's part of a file, under the names that the network knows. Nothing is copied but what
 * must be transposed.
 */
final class TensorView implements TensorSource {
  private final SafetensorsFile file;
  private final String network;
  private final Map<String, StoredView> views;
  private final SortedMap<String, StoredTensor> tensors;

  /**
   * @param file is closed with this
   * @param network for errors
   * @param views by the names of what is seen
   */
  TensorView(SafetensorsFile file, String network, Map<String, StoredView> views) {
    this.file = file;
    this.network = network;
    this.views = views;
    SortedMap<String, StoredTensor> seen = new TreeMap<>();
    views.forEach((name, view) -> seen.put(name, view.seen()));
    this.tensors = Collections.unmodifiableSortedMap(seen);
  }

  @Override
  public String place() {
    return file.place() + " (" + network + ")";
  }

  @Override
  public String place(StoredTensor tensor) {
    return file.place(views.get(tensor.name()).stored());
  }

  @Override
  public SortedMap<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public ByteBuffer map(StoredTensor tensor) {
    ByteBuffer bytes = file.map(tensor);
    return views.get(tensor.name()).transposed() ? transpose(tensor, bytes) : bytes;
  }

  @Override
  public void read(StoredTensor tensor, ByteBuffer into) {
    if (views.get(tensor.name()).transposed()) {
      into.put(map(tensor));
    } else {
      file.read(tensor, into);
    }
  }

  @Override
  public void close() {
    file.close();
  }

  /** Number by number: such matrices are small. */
  private static ByteBuffer transpose(StoredTensor seen, ByteBuffer bytes) {
    int rows = (int) seen.shape()[0];
    int columns = (int) seen.shape()[1];
    int width = seen.type().bytes();
    ByteBuffer transposed = ByteBuffer.allocateDirect(bytes.remaining());
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        transposed.put(
            (row * columns + column) * width, bytes, (column * rows + row) * width, width);
      }
    }
    return transposed.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
