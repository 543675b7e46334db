package dev.fresco.engine.text.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A text as an encoder of fixed length takes it.
 *
 * @param frame of each chunk
 * @param chunks ids in the order of the text, each as many as the frame's length; not copied
 * @param truncated whether the end of the text was left out
 */
public record FramedText(TokenFrame frame, List<int[]> chunks, boolean truncated) {
  public FramedText {
    chunks = List.copyOf(chunks);
  }

  /** With chunks without words at the end, so that there are {@code count} of them. */
  public FramedText paddedTo(int count) {
    List<int[]> all = new ArrayList<>(chunks);
    all.addAll(Collections.nCopies(count - chunks.size(), frame.empty()));
    return new FramedText(frame, all, truncated);
  }
}
