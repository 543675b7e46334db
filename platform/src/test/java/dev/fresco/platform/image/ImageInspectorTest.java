package dev.fresco.platform.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageInspectorTest {
  private static final ImageLimits LIMITS =
      new ImageLimits(16 * 1024, "max-bytes", 1000, "max-pixels");

  private final ImageInspector images = new ImageInspector(LIMITS, 1);

  @ParameterizedTest
  @EnumSource
  void readsKindAndSize(ImageFormat format) {
    byte[] file = TestImages.noise(format.name(), 40, 25, 1);
    assertThat(images.inspect(file)).isEqualTo(new ImageInspector.Inspected(format, 40, 25));
  }

  @ParameterizedTest
  @EnumSource
  void refusesAFileThatEndsEarlyWhereverThatIs(ImageFormat format) {
    byte[] file = TestImages.noise(format.name(), 20, 20, 2);
    for (int length = format.signatureLength(); length < file.length; length++) {
      byte[] part = Arrays.copyOf(file, length);
      var refusal = catchThrowableOfType(RefusedImageException.class, () -> images.inspect(part));
      assertThat(refusal).as("%d of %d bytes", length, file.length).isNotNull();
      assertThat(refusal.asProblem("image").status().value()).as("%d bytes", length).isEqualTo(422);
    }
  }

  @Test
  void refusesAPngWithAFlippedBit() {
    byte[] file = TestImages.png(3);
    for (int at = ImageFormat.PNG.signatureLength(); at < file.length; at += 7) {
      byte[] damaged = file.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> images.inspect(damaged))
          .as("byte %d", at)
          .isInstanceOf(RefusedImageException.class)
          .hasMessageStartingWith("is ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesTooManyPixels(ImageFormat format) {
    byte[] file = TestImages.noise(format.name(), 50, 25, 4);
    assertThatThrownBy(() -> images.inspect(file))
        .hasMessage("has 50 x 25 pixels; the limit is 1000 in all (max-pixels)");
    assertThatThrownBy(() -> images.inspectHeader(file)).hasMessageContaining("50 x 25 pixels");
  }

  /** Only decoding shows damage in a JPEG; its header is whole. */
  @Test
  void theHeaderOfADamagedImageIsRead() {
    byte[] file = TestImages.noise("jpeg", 20, 20, 2);
    byte[] part = Arrays.copyOf(file, file.length - 40);
    assertThat(images.inspectHeader(part))
        .isEqualTo(new ImageInspector.Inspected(ImageFormat.JPEG, 20, 20));
    assertThatThrownBy(() -> images.inspect(part)).hasMessageStartingWith("is damaged");
  }

  @Test
  void asManyImagesAreDecodedAtOnceAsFit() {
    assertThat(LIMITS.decodedWithin(7_999)).isEqualTo(1);
    assertThat(LIMITS.decodedWithin(24_000)).isEqualTo(3);
  }

  @Test
  void refusesTooManyBytes() {
    byte[] file = Arrays.copyOf(TestImages.png(5), 16 * 1024 + 1);
    assertThatThrownBy(() -> images.inspect(file))
        .hasMessage("has 16385 bytes; the limit is 16384 (max-bytes)");
  }

  @Test
  void refusesOtherFormatsAndNamesItsOwn() {
    byte[] file = TestImages.noise("gif", 4, 4, 6);
    assertThatThrownBy(() -> images.inspect(file))
        .hasMessageContaining("supported are image/png, image/jpeg");
  }
}
