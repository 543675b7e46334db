package dev.fresco.engine.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.TextStates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ids of several texts of one length, as rows of one tensor.
 *
 * @param texts at least one; not copied
 */
record TokenRows(List<int[]> texts) {
  /** Old configurations name this end token, whatever the vocabulary's is. */
  private static final int LEGACY_END_TOKEN = 2;

  TokenRows {
    int length = texts.get(0).length;
    for (int[] text : texts) {
      if (text.length != length) {
        throw new EngineException(
            "texts of %d and %d tokens in one pass".formatted(length, text.length));
      }
    }
  }

  /** Tokens of each. */
  int length() {
    return texts.get(0).length;
  }

  /**
   * @throws EngineException if texts are empty or too long, or an id is outside the vocabulary
   */
  void requireWithin(int longest, int vocabulary) {
    if (length() < 1 || length() > longest) {
      throw new EngineException(
          "text of " + length() + " tokens; the encoder takes 1 to " + longest);
    }
    for (int[] text : texts) {
      for (int id : text) {
        if (id < 0 || id >= vocabulary) {
          throw new EngineException("token " + id + " is outside the vocabulary of " + vocabulary);
        }
      }
    }
  }

  /** {@code [texts, tokens]}. */
  NDArray ids(NDManager scope) {
    long[] all = texts.stream().flatMapToInt(Arrays::stream).asLongStream().toArray();
    return scope.create(all, new Shape(texts.size(), length()));
  }

  /** Where each text ends, counted through all rows. */
  long[] ends(int endToken) {
    return IntStream.range(0, texts.size())
        .mapToLong(row -> (long) row * length() + end(texts.get(row), endToken))
        .toArray();
  }

  /**
   * Where the pooled state is read: at the largest id under the legacy configuration, else at the
   * first end token, or at the start if there is none.
   */
  private static int end(int[] ids, int endToken) {
    int sought = endToken == LEGACY_END_TOKEN ? Arrays.stream(ids).max().orElseThrow() : endToken;
    return IntStream.range(0, ids.length).filter(i -> ids[i] == sought).findFirst().orElse(0);
  }

  /**
   * Results by text.
   *
   * @param states {@code [texts, tokens, channels]}
   * @param pooled {@code [texts, channels]}, or null
   */
  List<TextStates> split(NDArray states, NDArray pooled) {
    float[] all = states.toFloatArray();
    float[] ofTexts = pooled == null ? null : pooled.toFloatArray();
    List<TextStates> split = new ArrayList<>();
    for (int row = 0; row < texts.size(); row++) {
      float[] own = part(all, row);
      HostTensor text = ofTexts == null ? null : vector(part(ofTexts, row));
      split.add(new TextStates(HostTensor.of(own, length(), own.length / length()), text));
    }
    return split;
  }

  private float[] part(float[] all, int row) {
    int size = all.length / texts.size();
    return Arrays.copyOfRange(all, row * size, (row + 1) * size);
  }

  private static HostTensor vector(float[] values) {
    return HostTensor.of(values, values.length);
  }
}
