package dev.fresco.engine.finetune;

import dev.fresco.engine.training.AdamW;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes captioned pictures of discs, and settings for them. */
record TrainingPictures(Path folder) {
  /** A disc on a ground. */
  TrainingPictures disc(String name, int size, Color disc, Color ground, String caption)
      throws IOException {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setColor(ground);
    canvas.fillRect(0, 0, size, size);
    canvas.setColor(disc);
    canvas.fillOval(size / 4, size / 4, size / 2, size / 2);
    canvas.dispose();
    ImageIO.write(image, "png", folder.resolve(name + ".png").toFile());
    Files.writeString(folder.resolve(name + ".txt"), caption + "\n");
    return this;
  }

  static FineTuneSettings tiny(Path model, Path pictures, Path folder, int steps, AdamW optimiser) {
    return new FineTuneSettings(
        new FineTuneSettings.Places(model, pictures, folder, "cpu"),
        new FineTuneSettings.Lora(3, 6),
        new FineTuneSettings.Size(16, 16),
        new FineTuneSettings.Course(steps, 2, 2, 1, 7, 3),
        optimiser);
  }
}
