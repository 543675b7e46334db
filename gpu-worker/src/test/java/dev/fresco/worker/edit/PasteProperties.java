package dev.fresco.worker.edit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PasteProperties {
  private static final int TRIES = 200;

  private final byte[] template;
  private final byte[] painted;

  PasteProperties() {
    template = new byte[3 * 20 * 20];
    painted = new byte[3 * 20 * 20];
    new Random(1).nextBytes(template);
    new Random(2).nextBytes(painted);
  }

  private byte[] paste(byte[] mask, int width, int feather) {
    int bytes = 3 * mask.length;
    return Paste.paste(
        Arrays.copyOf(template, bytes), Arrays.copyOf(painted, bytes), mask, width, feather);
  }

  /** Some pixels outside, some inside, some grey. */
  private static byte[] mask(int width, int height, int seed) {
    Random random = new Random(seed);
    byte[] mask = new byte[width * height];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(2) * 255);
    }
    return mask;
  }

  @Property(tries = TRIES)
  void outsideTheMaskTheTemplateStaysBitForBit(
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(max = 12) int feather,
      @ForAll int seed) {
    byte[] mask = mask(width, height, seed);
    byte[] pasted = paste(mask, width, feather);
    for (int i = 0; i < pasted.length; i++) {
      if (mask[i / 3] == 0) {
        assertThat(pasted[i]).isEqualTo(template[i]);
      }
    }
  }

  @Property(tries = TRIES)
  void everyPixelLiesBetweenTemplateAndPainting(
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(max = 12) int feather,
      @ForAll int seed) {
    byte[] pasted = paste(mask(width, 20, seed), width, feather);
    for (int i = 0; i < pasted.length; i++) {
      int a = Byte.toUnsignedInt(template[i]);
      int b = Byte.toUnsignedInt(painted[i]);
      assertThat(Byte.toUnsignedInt(pasted[i])).isBetween(Math.min(a, b), Math.max(a, b));
    }
  }

  /** Behind the feather, by the nearest pixel outside: those further in are as painted. */
  @Property(tries = TRIES)
  void theFeatherEndsWhereItSays(
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(max = 6) int feather,
      @ForAll int seed) {
    byte[] mask = new byte[20 * width];
    Arrays.fill(mask, (byte) 255);
    Random random = new Random(seed);
    int hole = random.nextInt(mask.length);
    mask[hole] = 0;
    byte[] pasted = paste(mask, width, feather);
    for (int i = 0; i < pasted.length; i++) {
      int dx = Math.abs(i / 3 % width - hole % width);
      int dy = Math.abs(i / 3 / width - hole / width);
      if (Math.max(dx, dy) > feather) {
        assertThat(pasted[i]).isEqualTo(painted[i]);
      }
    }
  }

  @Property(tries = TRIES)
  void fullAndEmptyMasksGiveOneOfBoth(@ForAll @IntRange(max = 12) int feather) {
    byte[] all = new byte[400];
    Arrays.fill(all, (byte) 255);
    assertThat(paste(all, 20, feather)).isEqualTo(painted);
    assertThat(paste(new byte[400], 20, feather)).isEqualTo(template);
  }

  @Example
  void theRampRisesAndGreyMixes() {
    byte[] black = new byte[3 * 6];
    byte[] white = new byte[3 * 6];
    Arrays.fill(white, (byte) 255);
    byte[] mask = {0, -1, -1, -1, -1, (byte) 128};
    byte[] pasted = Paste.paste(black, white, mask, 6, 2);
    assertThat(reds(pasted)).containsExactly(0, 85, 170, 255, 255, 128);
    assertThat(reds(Paste.paste(black, white, mask, 6, 0)))
        .containsExactly(0, 255, 255, 255, 255, 128);
  }

  private static int[] reds(byte[] pixels) {
    int[] reds = new int[pixels.length / 3];
    for (int i = 0; i < reds.length; i++) {
      reds[i] = Byte.toUnsignedInt(pixels[3 * i]);
    }
    return reds;
  }
}
