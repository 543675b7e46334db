package dev.fresco.benchmarks.parity;

import dev.fresco.engine.parity.ParityRow;
import dev.fresco.engine.parity.ParityRow.Verdict;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came out for one golden file.
 *
 * @param file relative to the fixtures folder
 * @param verdict failed if any row failed, else passed if any passed
 * @param worst the row nearest to its limit, or over it; empty where nothing was compared
 * @param compared how many tensors were
 * @param note why something was not compared; else empty
 */
record FileResult(
    String file, Verdict verdict, Optional<ParityRow> worst, int compared, String note) {

  /** By file, in the order of the rows. */
  static List<FileResult> of(List<ParityRow> rows) {
    Map<String, List<ParityRow>> byFile =
        rows.stream()
            .collect(
                Collectors.groupingBy(ParityRow::file, LinkedHashMap::new, Collectors.toList()));
    return byFile.entrySet().stream().map(each -> of(each.getKey(), each.getValue())).toList();
  }

  private static FileResult of(String file, List<ParityRow> rows) {
    List<ParityRow> compared = rows.stream().filter(row -> !row.tensor().isEmpty()).toList();
    String note =
        rows.stream()
            .map(FileResult::note)
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("; "));
    return new FileResult(
        file,
        verdict(rows),
        compared.stream().max(Comparator.comparingDouble(FileResult::nearness)),
        compared.size(),
        note);
  }

  private static String note(ParityRow row) {
    return row.verdict() == Verdict.UNSUPPORTED ? "not supported yet: " + row.note() : row.note();
  }

  private static Verdict verdict(List<ParityRow> rows) {
    for (Verdict verdict : List.of(Verdict.FAILED, Verdict.PASSED)) {
      if (rows.stream().anyMatch(row -> row.verdict() == verdict)) {
        return verdict;
      }
    }
    return Verdict.UNSUPPORTED;
  }

  /** The error as a share of the limit; what is not a number, or over a limit of 0, is last. */
  private static double nearness(ParityRow row) {
    if (row.verdict() == Verdict.PASSED) {
      return row.limit() == 0 ? 0 : row.error() / row.limit();
    }
    double share = row.error() / row.limit();
    return Double.isNaN(share) ? Double.POSITIVE_INFINITY : share;
  }
}
