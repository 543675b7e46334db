package dev.fresco.engine.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.Picture;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    List<CaptionedPicture> read = PictureFolder.read(folder, SIZE);
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
    assertThatThrownBy(() -> PictureFolder.read(folder.resolve("none"), SIZE))
        .hasMessageContaining("cannot be read");
    Files.writeString(folder.resolve("a.png"), "no picture");
    assertRefused("a.png: is no PNG that can be read");
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
    assertRefused("a.txt");
  }

  private void assertRefused(String words) {
    assertThatThrownBy(() -> PictureFolder.read(folder, SIZE))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(words);
  }
}
