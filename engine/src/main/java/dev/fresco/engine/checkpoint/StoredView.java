package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A stored tensor, or a part of one, under the name and in the shape in which a network wants it.
 *
 * @param stored as the file has it
 * @param seen as the network sees it; its bytes lie within those of {@code stored}
 * @param transposed whether the file has rows where the network has columns
 */
record StoredView(StoredTensor stored, StoredTensor seen, boolean transposed) {
  /** The whole tensor under another name. */
  static StoredView renamed(StoredTensor stored, String name) {
    return shaped(stored, name, stored.shape());
  }

  /** The whole tensor without axes of size 1 at its end: a 1x1 convolution is a matrix. */
  static StoredView matrix(StoredTensor stored, String name) {
    long[] shape = stored.shape();
    int rank = shape.length;
    while (rank > 2 && shape[rank - 1] == 1) {
      rank--;
    }
    return shaped(stored, name, Arrays.copyOf(shape, rank));
  }

  /**
   * A matrix whose rows and columns change places.
   *
   * @param place of the tensor, for errors
   * @throws EngineException if it is no matrix
   */
  static StoredView transposed(StoredTensor stored, String name, String place) {
    long[] shape = stored.shape();
    if (shape.length != 2) {
      throw new EngineException(place + " is " + stored.describe() + "; expected a matrix");
    }
    return new StoredView(
        stored, shaped(stored, name, new long[] {shape[1], shape[0]}).seen(), true);
  }

  /**
   * Equal parts of a tensor's rows, one for each name.
   *
   * @param place of the tensor, for errors
   * @throws EngineException if the rows do not divide
   */
  static List<StoredView> rows(StoredTensor stored, List<String> names, String place) {
    long[] shape = stored.shape().clone();
    int parts = names.size();
    if (shape.length == 0 || shape[0] % parts != 0) {
      throw new EngineException(
          "%s is %s; expected rows in %d equal parts".formatted(place, stored.describe(), parts));
    }
    shape[0] /= parts;
    long bytes = stored.byteCount() / parts;
    List<StoredView> views = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      long begin = stored.begin() + i * bytes;
      views.add(
          new StoredView(
              stored,
              new StoredTensor(names.get(i), stored.type(), shape, begin, begin + bytes),
              false));
    }
    return views;
  }

  private static StoredView shaped(StoredTensor stored, String name, long[] shape) {
    return new StoredView(
        stored, new StoredTensor(name, stored.type(), shape, stored.begin(), stored.end()), false);
  }
}
