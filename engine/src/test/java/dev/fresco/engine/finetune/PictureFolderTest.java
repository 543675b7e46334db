package dev.fresco.engine.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.Picture;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFolderTest {
  private static final FineTuneSettings.Size SIZE = new FineTuneSettings.Size(8, 8);

  @TempDir Path folder;

  @Test
  void readsPicturesInTheOrderOfTheirNames() throws IOException {
    new TrainingPictures(folder)
        .disc("b", 16, Color.RED, Color.BLUE, "a red disc")
        .disc("a", 8, Color.WHITE, Color.BLACK, "  a white disc  ");
    Files.writeString(folder.resolve("notes.md"), "nothing");

    PictureFolder opened = PictureFolder.open(folder);
    assertThat(opened.count()).isEqualTo(2);
    List<CaptionedPicture> read = List.of(opened.read(0, SIZE), opened.read(1, SIZE));
    assertThat(read).extracting(CaptionedPicture::name).containsExactly("a.png", "b.png");
    assertThat(read)
        .extracting(CaptionedPicture::caption)
        .containsExactly("a white disc", "a red disc");
    assertThat(read.get(1).picture().width()).isEqualTo(8);
    assertThat(pixel(read.get(1).picture(), 0, 0)).isEqualTo(Color.BLUE);
    assertThat(pixel(read.get(1).picture(), 4, 4)).isEqualTo(Color.RED);
  }

  @Test
  void takesTheCentreAndMakesTransparencyWhite() throws IOException {
    BufferedImage wide = new BufferedImage(64, 32, BufferedImage.TYPE_INT_ARGB);
    for (int x = 0; x < 64; x++) {
      for (int y = 0; y < 32; y++) {
        Color side = x < 16 || x >= 48 ? Color.GREEN : Color.RED;
        wide.setRGB(x, y, y < 16 ? 0 : side.getRGB());
      }
    }
    Picture picture = PictureFit.centred(wide, 8, 8);

    for (int x = 0; x < 8; x++) {
      assertThat(pixel(picture, x, 0)).isEqualTo(Color.WHITE);
      assertThat(pixel(picture, x, 7)).isEqualTo(Color.RED);
    }
  }

  private static Color pixel(Picture picture, int x, int y) {
    int at = 3 * (y * picture.width() + x);
    return new Color(
        picture.rgb()[at] & 0xff, picture.rgb()[at + 1] & 0xff, picture.rgb()[at + 2] & 0xff);
  }

  @Test
  void saysWhatIsWrongWithAFolder() throws IOException {
    assertRefused("has 0 pictures");
    assertThatThrownBy(() -> PictureFolder.open(folder.resolve("none")))
        .hasMessageContaining("cannot be read");
    ImageIO.write(
        new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB),
        "png",
        folder.resolve("a.png").toFile());
    assertRefused("a.png: has no caption a.txt");
    Files.writeString(folder.resolve("a.txt"), " \n");
    assertRefused("a.txt: is blank");
    Files.writeString(folder.resolve("a.txt"), "x".repeat(20_000));
    assertRefused("a caption has at most 10000");
    Files.write(folder.resolve("a.txt"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertRefused("a.txt: is no UTF-8 text");
  }

  @Test
  void saysWhatIsWrongWithAPicture() throws IOException {
    new TrainingPictures(folder).disc("a", 16, Color.RED, Color.BLUE, "a red disc");
    byte[] whole = Files.readAllBytes(folder.resolve("a.png"));
    for (int bytes : new int[] {0, 10, 30, whole.length / 2}) {
      Files.write(folder.resolve("a.png"), Arrays.copyOf(whole, bytes));
      assertRefused("a.png: is no PNG that can be read");
    }
    ByteBuffer.wrap(whole).putInt(16, 100_000).putInt(20, 100_000); // width and height
    Files.write(folder.resolve("a.png"), whole);
    assertRefused("a.png: ");
  }

  @Test
  void theDigestTellsPicturesAndCaptionsApart() throws IOException {
    TrainingPictures pictures = new TrainingPictures(folder);
    pictures.disc("a", 16, Color.RED, Color.BLUE, "a red disc");
    String digest = PictureFolder.open(folder).digest();
    assertThat(PictureFolder.open(folder).digest()).isEqualTo(digest).hasSize(64);

    pictures.disc("a", 16, Color.RED, Color.BLUE, "a disc");
    String captioned = PictureFolder.open(folder).digest();
    pictures.disc("a", 16, Color.RED, Color.GREEN, "a red disc");
    assertThat(PictureFolder.open(folder).digest()).isNotEqualTo(digest).isNotEqualTo(captioned);
    assertThat(captioned).isNotEqualTo(digest);
  }

  private void assertRefused(String words) {
    assertThatThrownBy(() -> PictureFolder.open(folder).read(0, SIZE))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(words);
  }
}
