package dev.fresco.engine.text.tokenizer;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.Prompt.LongPrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What surrounds the words of a text for an encoder of fixed length: {@code start words end
 * padding...}, {@code length} ids in all. A text of more words than fit is cut, or spread over
 * several such chunks: with a length of 4, words {@code a b c} become {@code start a b end} and
 * {@code start c end padding}.
 *
 * @param length of a chunk in tokens, with start and end; at least 3
 * @param start id before the words
 * @param end id after them
 * @param padding id that fills the rest
 */
public record TokenFrame(int length, int start, int end, int padding) {
  public TokenFrame {
    if (length < 3) {
      throw new EngineException(
          "texts of " + length + " tokens; start, end and one word need at least 3");
    }
  }

  /** How many words a chunk holds. */
  public int room() {
    return length - 2;
  }

  /** A text as chunks, of which there is at least one, and one only where texts are cut. */
  public FramedText frame(int[] words, LongPrompt longPrompt) {
    return switch (longPrompt) {
      case CUT -> new FramedText(this, List.of(chunk(words, 0)), words.length > room());
      case CHUNK -> new FramedText(this, chunks(words), false);
    };
  }

  /** A chunk without words. */
  int[] empty() {
    return chunk(new int[0], 0);
  }

  private List<int[]> chunks(int[] words) {
    List<int[]> chunks = new ArrayList<>();
    for (int from = 0; from == 0 || from < words.length; from += room()) {
      chunks.add(chunk(words, from));
    }
    return chunks;
  }

  private int[] chunk(int[] words, int from) {
    int count = Math.min(room(), words.length - from);
    int[] ids = new int[length];
    ids[0] = start;
    System.arraycopy(words, from, ids, 1, count);
    ids[count + 1] = end;
    Arrays.fill(ids, count + 2, length, padding);
    return ids;
  }
}
