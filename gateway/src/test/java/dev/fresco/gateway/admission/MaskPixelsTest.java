package dev.fresco.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.gateway.MaskImages;
import dev.fresco.platform.image.ImageInspector;
import dev.fresco.platform.image.ImageLimits;
import java.awt.image.BufferedImage;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MaskPixelsTest {
  private static final ImageInspector INSPECTOR =
      new ImageInspector(new ImageLimits(1 << 20, "bytes", 1 << 20, "pixels"), 1);

  /** The same rectangle in every kind of file, soft where the file can be. */
  static Stream<Arguments> masks() {
    int grey8 = BufferedImage.TYPE_BYTE_GRAY;
    int grey16 = BufferedImage.TYPE_USHORT_GRAY;
    return Stream.of(
        Arguments.of("grey", "white", MaskImages.grey(grey8, 128, 96, 100, 0), 100),
        Arguments.of("grey, black", "black", MaskImages.grey(grey8, 128, 96, 55, 255), 200),
        Arguments.of("16 bits", "white", MaskImages.grey(grey16, 128, 96, 0x80ff, 0), 128),
        Arguments.of("1 bit", "white", MaskImages.bits(128, 96), 255),
        Arguments.of("RGB", "white", MaskImages.rgb("png", 128, 96, 0x646464, 0), 100),
        Arguments.of("RGB, black", "black", MaskImages.rgb("png", 128, 96, 0, 0xffffff), 255),
        Arguments.of("drawn on nothing", "white", MaskImages.argb(128, 96, 0xffffffff, 0), 255),
        Arguments.of("black on nothing", "black", MaskImages.argb(128, 96, 0xff000000, 0), 255),
        Arguments.of(
            "half erased", "transparent", MaskImages.argb(128, 96, 0x7f336699, 0xff336699), 128),
        Arguments.of("palette", "transparent", MaskImages.palette(128, 96), 255),
        Arguments.of("JPEG", "white", MaskImages.rgb("jpeg", 128, 96, 0xffffff, 0), 255),
        Arguments.of("JPEG, black", "black", MaskImages.rgb("jpeg", 128, 96, 0, 0xffffff), 255));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("masks")
  void everyKindOfMaskBecomesTheSameOne(String kind, String edits, byte[] file, int painted) {
    Polarity polarity = Polarity.named(edits).orElseThrow();
    boolean isJpeg = kind.startsWith("JPEG");
    GreyMask mask = INSPECTOR.inspect(file, pixels -> MaskPixels.read(pixels, polarity, isJpeg));
    assertThat(mask.ratio()).isEqualTo(MaskImages.RATIO);
    int[] paint = new int[mask.paint().length];
    for (int n = 0; n < paint.length; n++) {
      paint[n] = mask.paint()[n] & 0xff;
    }
    assertThat(paint).isEqualTo(MaskImages.expected(128, 96, painted, 0));
  }
}
