package dev.fresco.planning.straggler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleBlocksTest {
  private static Sample sample(int second, double millis) {
    return new Sample("stage 1", OperationKind.FORWARD, Instant.ofEpochSecond(second), millis);
  }

  /** Blocks are half an iteration, and slow samples of two iterations never fill more of them. */
  @ParameterizedTest
  @CsvSource({"1,1,1,2", "2,1,2,4", "3,1,3,6", "4,2,2,5", "5,2,3,6", "12,6,2,5", "25,12,3,6"})
  void countsBlocks(int samplesPerIteration, int samplesPerBlock, int perIteration, int burst) {
    SampleBlocks blocks = new SampleBlocks(samplesPerIteration);
    assertThat(blocks.samplesPerBlock()).isEqualTo(samplesPerBlock);
    assertThat(blocks.perIteration()).isEqualTo(perIteration);
    assertThat(blocks.touchedBy(2)).isEqualTo(burst);
  }

  @Property(tries = 200)
  void aBurstNeverTouchesMoreBlocksThanTold(
      @ForAll @IntRange(min = 1, max = 40) int samplesPerIteration,
      @ForAll @IntRange(min = 0, max = 80) int begin,
      @ForAll @IntRange(min = 1, max = 3) int iterations) {
    SampleBlocks blocks = new SampleBlocks(samplesPerIteration);
    int first = begin / blocks.samplesPerBlock();
    int last = (begin + iterations * samplesPerIteration - 1) / blocks.samplesPerBlock();
    assertThat(last - first + 1).isLessThanOrEqualTo(blocks.touchedBy(iterations));
  }

  @Property(tries = 200)
  void theOrderWithinABlockDoesNotMatter(@ForAll long seed) {
    Random random = new Random(seed);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      samples.add(sample(i, 1 + random.nextDouble()));
    }
    SampleBlocks ordered = new SampleBlocks(12);
    samples.forEach(ordered::add);
    Collections.shuffle(samples, random);
    SampleBlocks shuffled = new SampleBlocks(12);
    samples.forEach(shuffled::add);
    assertThat(shuffled.full()).isPresent().isEqualTo(ordered.full());
  }

  @Test
  void leavesOutWhatComesTwiceOrTooLate() {
    SampleBlocks blocks = new SampleBlocks(4);
    assertThat(blocks.add(sample(5, 1))).isTrue();
    assertThat(blocks.add(sample(5, 1))).isFalse();
    assertThat(blocks.full()).isEmpty();
    assertThat(blocks.add(sample(3, 1))).isTrue();
    assertThat(blocks.full()).hasValue(new Block(Instant.ofEpochSecond(3), 0));
    assertThat(blocks.add(sample(5, 9))).as("twice").isFalse();
    assertThat(blocks.add(sample(4, 9))).as("too late").isFalse();
    assertThat(blocks.add(sample(6, 9))).isTrue();
    assertThat(blocks.full()).isEmpty();
  }

  /** Values are natural logarithms of milliseconds. */
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 2",
    "2 8, 4",
    "1 1 1 50, 1",
    "0 1 1 1, 1",
    "8 2 1000 .02, 4",
    "0, .01",
    "0 0 0 0, .01",
  })
  void aBlockIsTheMeanOfItsMiddleHalf(String text, double millis) {
    String[] words = text.split(" ");
    double[] values = new double[words.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.parseDouble(words[i]);
    }
    assertThat(Math.exp(Block.of(Instant.EPOCH, values).logMillis()))
        .isCloseTo(millis, within(1e-12));
  }
}
