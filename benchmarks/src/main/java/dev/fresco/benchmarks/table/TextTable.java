package dev.fresco.benchmarks.table;

import java.util.ArrayList;
import java.util.List;

/** Rows of words under headings, in columns as wide as their longest word. */
public final class TextTable {
  /** Where the words of a column stand. */
  public enum Align {
    LEFT,
    RIGHT
  }

  /** A heading, and how the words under it stand. */
  public record Column(String heading, Align align) {
    public static Column left(String heading) {
      return new Column(heading, Align.LEFT);
    }

    public static Column right(String heading) {
      return new Column(heading, Align.RIGHT);
    }
  }

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(Column... columns) {
    this.columns = List.of(columns);
    rows.add(this.columns.stream().map(Column::heading).toList());
  }

  /** Adds a row with a word for each column. */
  public void add(String... words) {
    if (words.length != columns.size()) {
      throw new IllegalArgumentException(
          "a row of " + words.length + " words in a table of " + columns.size() + " columns");
    }
    rows.add(List.of(words));
  }

  /** The lines, without blanks at their ends. */
  public List<String> lines() {
    int[] widths = new int[columns.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String blanks = " ".repeat(widths[i] - row.get(i).length());
      boolean left = columns.get(i).align() == Align.LEFT;
      line.append(left ? row.get(i) + blanks : blanks + row.get(i)).append("  ");
    }
    return line.toString().stripTrailing();
  }
}
