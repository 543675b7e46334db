package dev.fresco.engine.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.mask.MaskPlan.Level;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WindowsTest {
  /** Each tap of each window shows what a convolution over the whole map would see there. */
  @Property(tries = 200)
  void windowsShowWhatAConvolutionSees(
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll Windows.Kind kind,
      @ForAll long seed) {
    MaskPlan plan = plan(height, width, new Random(seed));
    boolean enlarged = kind == Windows.Kind.ENLARGED;
    Level fine = plan.levels().get(0);
    Level coarse = plan.levels().get(1);
    Level source = enlarged ? coarse : fine;
    Level target = kind == Windows.Kind.SAME ? fine : enlarged ? fine : coarse;
    Windows windows = Windows.of(source, target, kind);

    int[] map = IntStream.range(0, source.places()).map(place -> 100 + place).toArray();
    for (int i = 0; i < target.active().length; i++) {
      int[] seen = new int[Windows.TAPS];
      for (int tap = 0; tap < Windows.TAPS; tap++) {
        seen[tap] = value(windows, source, map, windows.taken()[i * Windows.TAPS + tap]);
      }
      assertThat(seen).isEqualTo(expected(map, source, target, kind, target.active()[i]));
    }
    assertThat(Arrays.stream(windows.ring()).boxed())
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(Arrays.stream(source.active()).boxed().toList());
  }

  private static MaskPlan plan(int height, int width, Random random) {
    float[] mask = new float[height * width];
    mask[random.nextInt(mask.length)] = 1;
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextInt(3) == 0 ? 1 : mask[i];
    }
    return MaskPlan.of(HostTensor.of(mask, height, width), 0, 2);
  }

  private static int value(Windows windows, Level source, int[] map, int taken) {
    if (taken == Windows.PADDING) {
      return 0;
    }
    return map[taken >= 0 ? source.active()[taken] : windows.ring()[-2 - taken]];
  }

  /** By way of a padded, enlarged copy of the map. */
  private static int[] expected(int[] map, Level source, Level target, Windows.Kind kind, int at) {
    boolean enlarged = kind == Windows.Kind.ENLARGED;
    int high = enlarged ? target.height() : source.height();
    int wide = enlarged ? target.width() : source.width();
    int[][] padded = new int[high + 2][wide + 2];
    for (int y = 0; y < high; y++) {
      for (int x = 0; x < wide; x++) {
        int from = enlarged ? y / 2 * source.width() + x / 2 : y * wide + x;
        padded[y + 1][x + 1] = map[from];
      }
    }
    int stride = kind == Windows.Kind.HALVED ? 2 : 1;
    int top = at / target.width() * stride;
    int left = at % target.width() * stride;
    return IntStream.range(0, Windows.TAPS)
        .map(tap -> padded[top + tap / 3][left + tap % 3])
        .toArray();
  }

  @Example
  void aMaskReachesEveryPlaceThatItTouches() {
    float[] mask = new float[7 * 5];
    mask[3 * 5 + 4] = .01f;
    MaskPlan plan = MaskPlan.of(HostTensor.of(mask, 7, 5), 1, 3);
    assertThat(plan.levels().get(0).active()).containsExactly(13, 14, 18, 19, 23, 24);
    assertThat(plan.levels().get(1).height()).isEqualTo(4);
    assertThat(plan.levels().get(1).width()).isEqualTo(3);
    assertThat(plan.levels().get(1).active()).containsExactly(4, 5, 7, 8);
    assertThat(plan.levels().get(2).active()).containsExactly(0, 1, 2, 3);
    assertThat(plan.ratio()).isEqualTo(6 / 35.0);
  }
}
