package dev.fresco.worker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.engine.Picture;
import dev.fresco.platform.store.DirectoryObjectStore;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.platform.store.Sha256;
import dev.fresco.worker.edit.PixelMask;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputPicturesTest {
  private static final String ROLE = "the picture to start from";

  @TempDir Path folder;
  private ObjectStore objects;
  private InputPictures pictures;

  @BeforeEach
  void open() throws IOException {
    objects = new DirectoryObjectStore(folder);
    pictures = new InputPictures(objects);
  }

  private JobImage stored(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    objects.put("inputs/job_1/image", bytes.toByteArray());
    StoredObject object =
        new StoredObject("inputs/job_1/image", Sha256.of(bytes.toByteArray()), bytes.size());
    return new JobImage(object, "image/" + format, image.getWidth(), image.getHeight(), null);
  }

  @Test
  void coloursComeAsTheyAre() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0A64C8);
    image.setRGB(1, 0, 0xFF0001);
    assertThat(pictures.of(stored(image, "png"), ROLE))
        .usingRecursiveComparison()
        .isEqualTo(new Picture(2, 1, new byte[] {10, 100, (byte) 200, (byte) 255, 0, 1}));
  }

  /** Outlines and depth maps are often grey; what is grey 77 must come as 77, 77, 77. */
  @ParameterizedTest
  @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
  void greyComesAsItIs(int type) throws IOException {
    BufferedImage image = new BufferedImage(256, 1, type);
    WritableRaster raster = image.getRaster();
    byte[] expected = new byte[3 * 256];
    for (int x = 0; x < 256; x++) {
      raster.setSample(x, 0, 0, type == BufferedImage.TYPE_BYTE_GRAY ? x : x * 257);
      Arrays.fill(expected, 3 * x, 3 * x + 3, (byte) x);
    }
    assertThat(pictures.of(stored(image, "png"), ROLE).rgb()).isEqualTo(expected);
  }

  @Test
  void blackAndWhiteAndPalettesAreRead() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    image.setRGB(1, 0, Color.WHITE.getRGB());
    assertThat(pictures.of(stored(image, "png"), ROLE).rgb()).containsExactly(0, 0, 0, -1, -1, -1);
  }

  @Test
  void transparencyBecomesWhite() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(1, 0, 0x80000000);
    byte[] rgb = pictures.of(stored(image, "png"), ROLE).rgb();
    assertThat(rgb).startsWith(-1, -1, -1);
    assertThat(Byte.toUnsignedInt(rgb[3])).isBetween(126, 128);
  }

  @Test
  void aJpegIsRead() throws IOException {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
    Picture picture = pictures.of(stored(image, "jpeg"), ROLE);
    assertThat(picture.width()).isEqualTo(16);
    assertThat(picture.height()).isEqualTo(8);
  }

  @Test
  void aMaskComesAsItIs() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(1, 0, 0, 77);
    image.getRaster().setSample(2, 0, 0, 255);
    PixelMask mask = pictures.mask(stored(image, "png"));
    assertThat(mask.values()).containsExactly(0, 77, -1);
    assertThat(mask.isEmpty()).isFalse();
    assertThat(new PixelMask(2, 1, new byte[2]).isEmpty()).isTrue();
    JobImage gone = stored(image, "png");
    objects.delete("inputs/job_1/image");
    assertThatThrownBy(() -> pictures.mask(gone))
        .isInstanceOf(SourceException.class)
        .hasMessage("the mask is no longer there");
  }

  @Test
  void whatIsGoneOrChangedIsNamed() throws IOException {
    JobImage image = stored(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png");
    JobImage template = new JobImage(image.object(), image.contentType(), 2, 2, "tpl_1");
    objects.put(image.object().objectKey(), new byte[] {1});
    assertFails(image, ROLE + " is damaged");
    objects.delete(image.object().objectKey());
    assertFails(image, ROLE + " is no longer there");
    assertFails(template, ROLE + ", template tpl_1, is no longer there");
    JobImage other = stored(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png");
    assertFails(
        new JobImage(other.object(), "image/png", 2, 2, null), ROLE + " is no image of 2x2");
  }

  private void assertFails(JobImage image, String message) {
    assertThatThrownBy(() -> pictures.of(image, ROLE))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((SourceException) e).code())
        .isEqualTo(ErrorCode.INPUT_NOT_FOUND);
  }
}
