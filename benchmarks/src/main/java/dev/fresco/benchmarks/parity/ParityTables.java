package dev.fresco.benchmarks.parity;

import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.engine.parity.ParityRow;
import dev.fresco.engine.parity.ParityRow.Verdict;
import java.util.List;
import java.util.Locale;

/** The outcome of a comparison as text. */
final class ParityTables {
  private ParityTables() {}

  /** A line per golden file, with its worst tensor. */
  static List<String> files(List<FileResult> results) {
    TextTable table =
        new TextTable(
            Column.left("golden file"),
            Column.right("tensors"),
            Column.left("worst tensor"),
            Column.right("error"),
            Column.right("limit"),
            Column.left("verdict"),
            Column.left("note"));
    for (FileResult result : results) {
      table.add(
          result.file(),
          result.compared() == 0 ? "" : Integer.toString(result.compared()),
          result.worst().map(ParityRow::tensor).orElse(""),
          result.worst().map(row -> number(row.error())).orElse(""),
          result.worst().map(row -> number(row.limit())).orElse(""),
          word(result.verdict(), result.worst().isPresent()),
          result.verdict() == Verdict.UNSUPPORTED
              ? result.note().replaceFirst("^not supported yet: ", "")
              : result.note());
    }
    return table.lines();
  }

  /** A line per tensor. */
  static List<String> tensors(List<ParityRow> rows) {
    TextTable table =
        new TextTable(
            Column.left("golden file"),
            Column.left("tensor"),
            Column.right("error"),
            Column.right("limit"),
            Column.left("verdict"),
            Column.left("note"));
    for (ParityRow row : rows) {
      table.add(
          row.file(),
          row.tensor(),
          row.tensor().isEmpty() ? "" : number(row.error()),
          row.tensor().isEmpty() ? "" : number(row.limit()),
          word(row.verdict(), !row.tensor().isEmpty()),
          row.note());
    }
    return table.lines();
  }

  /** One line about all files. */
  static String summary(List<FileResult> results) {
    return "%d golden files: %d ok, %d over their limit or failed, %d not supported yet"
        .formatted(
            results.size(),
            count(results, Verdict.PASSED),
            count(results, Verdict.FAILED),
            count(results, Verdict.UNSUPPORTED));
  }

  private static long count(List<FileResult> results, Verdict verdict) {
    return results.stream().filter(result -> result.verdict() == verdict).count();
  }

  private static String word(Verdict verdict, boolean compared) {
    return switch (verdict) {
      case PASSED -> "ok";
      case FAILED -> compared ? "OVER" : "FAILED";
      case UNSUPPORTED -> "not supported yet";
    };
  }

  private static String number(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value);
  }
}
