package dev.fresco.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreyMaskTest {
  /** Mostly kept, else of any value. */
  private static GreyMask random(int width, int height, long seed) {
    Random random = new Random(seed);
    byte[] paint = new byte[width * height];
    for (int n = 0; n < paint.length; n++) {
      paint[n] = (byte) (random.nextInt(5) > 0 ? 0 : random.nextInt(256));
    }
    return new GreyMask(width, height, paint);
  }

  private static int at(GreyMask mask, int x, int y) {
    boolean inside = x >= 0 && y >= 0 && x < mask.width() && y < mask.height();
    return inside ? mask.paint()[y * mask.width() + x] & 0xff : 0;
  }

  private static int mostAround(GreyMask mask, int x, int y, int margin) {
    int most = 0;
    for (int dy = -margin; dy <= margin; dy++) {
      for (int dx = -margin; dx <= margin; dx++) {
        most = Math.max(most, at(mask, x + dx, y + dy));
      }
    }
    return most;
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3", "7", "30"})
  void aMarginIsTheMostOfWhatIsAround(int margin) {
    GreyMask mask = random(19, 13, margin);
    GreyMask grown = mask.grownBy(margin);
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        assertThat(at(grown, x, y)).isEqualTo(mostAround(mask, x, y, margin));
      }
    }
    assertThat(mask.paint()).as("the mask itself stays").isEqualTo(random(19, 13, margin).paint());
  }

  /** Each pixel is the mean, taken with real numbers, of what it covers; twice rounded up. */
  @ParameterizedTest
  @CsvSource({"16,16,8,8", "8,6,16,18", "10,7,7,10", "5,5,1,1", "64,3,3,64"})
  void scalingTakesTheMeanOfWhatIsCovered(int width, int height, int newWidth, int newHeight) {
    GreyMask mask = random(width, height, 3);
    GreyMask scaled = mask.scaledTo(newWidth, newHeight);
    double stepX = (double) width / newWidth;
    double stepY = (double) height / newHeight;
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        double mean = 0;
        for (int fromY = 0; fromY < height; fromY++) {
          for (int fromX = 0; fromX < width; fromX++) {
            mean +=
                at(mask, fromX, fromY)
                    * covered(fromX, x * stepX, stepX)
                    * covered(fromY, y * stepY, stepY);
          }
        }
        mean /= stepX * stepY;
        assertThat((double) at(scaled, x, y)).isBetween(mean - 1e-9, mean + 2);
      }
    }
  }

  private static double covered(int pixel, double begin, double length) {
    return Math.max(0, Math.min(pixel + 1, begin + length) - Math.max(pixel, begin));
  }

  @Test
  void whatIsAllPaintedOrPaintedAtAllStaysSoWhenScaled() {
    byte[] all = new byte[100 * 60];
    Arrays.fill(all, (byte) 255);
    assertThat(new GreyMask(100, 60, all).scaledTo(33, 64).paint()).containsOnly(255);
    byte[] one = new byte[300 * 300];
    one[12_345] = 1;
    assertThat(new GreyMask(300, 300, one).scaledTo(3, 3).isEmpty()).isFalse();
    assertThat(new GreyMask(100, 60, new byte[6000]).scaledTo(50, 7).isEmpty()).isTrue();
  }

  /** In between lies no more than in the larger of the two, however thin a mask is. */
  @Test
  void aThinMaskIsScaledWithoutALargeOneInBetween() {
    byte[] paint = new byte[4_000_000];
    Arrays.fill(paint, 0, paint.length / 2, (byte) 255);
    assertThat(new GreyMask(1, paint.length, paint).scaledTo(1024, 1024).ratio()).isEqualTo(0.5);
    assertThat(new GreyMask(paint.length, 1, paint).scaledTo(1024, 1024).ratio()).isEqualTo(0.5);
  }

  @Test
  void thePngHoldsEveryValueAsItIs() throws IOException {
    byte[] paint = new byte[256];
    for (int n = 0; n < 256; n++) {
      paint[n] = (byte) n;
    }
    GreyMask mask = new GreyMask(16, 16, paint);
    assertThat(mask.ratio()).isEqualTo(255.0 / 256);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(mask.png()));
    assertThat(read.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
    for (int n = 0; n < 256; n++) {
      assertThat(read.getRaster().getSample(n % 16, n / 16, 0)).isEqualTo(n);
    }
    assertThat(MaskPixels.read(read, Polarity.WHITE, false).paint()).isEqualTo(paint);
  }
}
