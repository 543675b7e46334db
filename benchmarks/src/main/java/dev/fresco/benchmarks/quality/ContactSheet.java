package dev.fresco.benchmarks.quality;

import dev.fresco.engine.Picture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Pictures of one size in rows and named columns, to look at. */
final class ContactSheet {
  private static final int GAP = 4;
  private static final int HEADER = 18;

  private final List<String> columns;
  private final List<List<BufferedImage>> rows = new ArrayList<>();

  ContactSheet(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  /** A picture for each column. */
  void add(List<Picture> row) {
    if (row.size() != columns.size()) {
      throw new IllegalArgumentException(
          "%d pictures for %d columns".formatted(row.size(), columns.size()));
    }
    rows.add(row.stream().map(Picture::image).toList());
  }

  /** Writes a PNG in place of what was there; a reader sees all of it or nothing. */
  void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path unfinished = Files.createTempFile(folder, "sheet", ".png");
    try {
      ImageIO.write(sheet(), "png", unfinished.toFile());
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private BufferedImage sheet() {
    int width = rows.isEmpty() ? 1 : rows.get(0).get(0).getWidth() + GAP;
    int height = rows.isEmpty() ? 1 : rows.get(0).get(0).getHeight() + GAP;
    BufferedImage sheet =
        new BufferedImage(
            columns.size() * width + GAP,
            rows.size() * height + GAP + HEADER,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    graphics.setColor(Color.BLACK);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    for (int column = 0; column < columns.size(); column++) {
      graphics.drawString(columns.get(column), GAP + column * width, HEADER - GAP);
      for (int row = 0; row < rows.size(); row++) {
        graphics.drawImage(
            rows.get(row).get(column), GAP + column * width, HEADER + GAP + row * height, null);
      }
    }
    graphics.dispose();
    return sheet;
  }
}
