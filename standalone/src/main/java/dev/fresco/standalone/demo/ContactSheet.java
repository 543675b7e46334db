package dev.fresco.standalone.demo;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Pictures side by side with their prompts below them. */
final class ContactSheet {
  private static final int CELL = 224;
  private static final int CAPTION = 28;
  private static final int GAP = 12;
  private static final int COLUMNS = 4;

  private ContactSheet() {}

  /** A picture and what it shows. */
  record Entry(BufferedImage picture, String caption) {}

  static BufferedImage of(List<Entry> entries) {
    int columns = Math.min(COLUMNS, entries.size());
    int rows = (entries.size() + columns - 1) / columns;
    BufferedImage sheet =
        new BufferedImage(
            columns * (CELL + GAP) + GAP,
            rows * (CELL + CAPTION + GAP) + GAP,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = sheet.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setColor(Color.WHITE);
    pen.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    pen.setColor(Color.DARK_GRAY);
    boolean captions = fontsAreThere();
    if (captions) {
      pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    }
    for (int i = 0; i < entries.size(); i++) {
      int left = GAP + i % columns * (CELL + GAP);
      int top = GAP + i / columns * (CELL + CAPTION + GAP);
      pen.drawImage(entries.get(i).picture(), left, top, CELL, CELL, null);
      if (captions) {
        pen.drawString(entries.get(i).caption(), left, top + CELL + 18);
      }
    }
    pen.dispose();
    return sheet;
  }

  /** A bare server has none, and Java then fails on the first letter. */
  private static boolean fontsAreThere() {
    try {
      String[] families =
          GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames();
      return families.length > 0;
    } catch (RuntimeException | Error none) {
      return false;
    }
  }
}
