package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.ByteBuffer;
import java.util.SortedMap;

/**
 * Where the weights of one network lie: a file, several shards, or a part of a file that holds a
 * whole model. All headers are checked before a source is handed out. Mapped bytes stay valid after
 * closing, as long as no file is cut or overwritten in place; a model store is read-only.
 */
public interface TensorSource extends AutoCloseable {
  /** What error messages call the source, such as the file's path. */
  String place();

  /** What error messages call a tensor: the file that it lies in and the key that it has there. */
  String place(StoredTensor tensor);

  /** All tensors by the names that networks know. */
  SortedMap<String, StoredTensor> tensors();

  /**
   * A tensor's bytes, row by row: read-only, little-endian, not copied where the file holds them
   * so.
   *
   * @param tensor one of {@link #tensors}
   */
  ByteBuffer map(StoredTensor tensor);

  /**
   * Copies a tensor's bytes, as {@link #map} tells of them.
   *
   * @param into has the tensor's size
   */
  default void read(StoredTensor tensor, ByteBuffer into) {
    into.put(map(tensor));
  }

  /** Ends the use of the files; safe to call again. */
  @Override
  void close();

  /**
   * What is known of a tensor.
   *
   * @throws EngineException if there is none of that name
   */
  default StoredTensor tensor(String name) {
    StoredTensor tensor = tensors().get(name);
    if (tensor == null) {
      throw new EngineException(place() + ": has no tensor " + name);
    }
    return tensor;
  }

  /**
   * A tensor's numbers as fp32, whatever their type in the file.
   *
   * @throws EngineException if there is none of that name, or its type has no such conversion
   */
  default float[] floats(String name) {
    StoredTensor tensor = tensor(name);
    return StoredNumbers.toFloats(tensor, map(tensor), place(tensor));
  }
}
