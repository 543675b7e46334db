package dev.fresco.engine.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.Prompt.LongPrompt;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TokenFrameTest {
  private static final int START = -1;
  private static final int END = -2;
  private static final int PADDING = -3;

  @Property
  void chunksHoldEveryWordOnceAndInOrder(
      @ForAll @Size(max = 300) int[] anyWords, @ForAll @IntRange(min = 3, max = 80) int length) {
    int[] words = Arrays.stream(anyWords).map(Math::abs).toArray();
    FramedText framed = frame(length).frame(words, LongPrompt.CHUNK);

    assertThat(framed.truncated()).isFalse();
    assertThat(wordsOf(framed.chunks())).isEqualTo(notNegative(words));
  }

  @Property
  void everyChunkIsAWholeFrameAndOnlyTheLastHasRoom(
      @ForAll @IntRange(min = 0, max = 300) int count,
      @ForAll @IntRange(min = 3, max = 80) int length,
      @ForAll @IntRange(min = 0, max = 3) int more) {
    FramedText framed = frame(length).frame(new int[count], LongPrompt.CHUNK);
    List<int[]> chunks = framed.paddedTo(framed.chunks().size() + more).chunks();

    assertThat(framed.chunks()).hasSize(Math.max(1, (count + length - 3) / (length - 2)));
    assertThat(chunks).hasSize(framed.chunks().size() + more);
    for (int i = 0; i < chunks.size(); i++) {
      int words = Math.max(0, Math.min(length - 2, count - i * (length - 2)));
      assertThat(chunks.get(i)).isEqualTo(valid(words, length));
    }
  }

  @Property
  void cuttingIsTheFirstChunkAndSaysWhetherThereWereMore(
      @ForAll @Size(max = 100) int[] words, @ForAll @IntRange(min = 3, max = 80) int length) {
    FramedText cut = frame(length).frame(words, LongPrompt.CUT);
    FramedText whole = frame(length).frame(words, LongPrompt.CHUNK);

    assertThat(cut.chunks()).hasSize(1);
    assertThat(cut.chunks().get(0)).isEqualTo(whole.chunks().get(0));
    assertThat(cut.truncated()).isEqualTo(whole.chunks().size() > 1);
  }

  @Example
  void aFrameNeedsRoomForAWord() {
    assertThatThrownBy(() -> frame(2)).isInstanceOf(EngineException.class);
  }

  private static TokenFrame frame(int length) {
    return new TokenFrame(length, START, END, PADDING);
  }

  private static int[] wordsOf(List<int[]> chunks) {
    return chunks.stream().flatMapToInt(Arrays::stream).filter(id -> id >= 0).toArray();
  }

  /** The one whole number without an absolute value stays negative. */
  private static int[] notNegative(int[] words) {
    return Arrays.stream(words).filter(id -> id >= 0).toArray();
  }

  private static int[] valid(int words, int length) {
    int[] ids = new int[length];
    Arrays.fill(ids, PADDING);
    Arrays.fill(ids, 1, 1 + words, 0);
    ids[0] = START;
    ids[words + 1] = END;
    return ids;
  }
}
