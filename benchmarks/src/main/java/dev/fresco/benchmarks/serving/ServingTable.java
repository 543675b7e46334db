package dev.fresco.benchmarks.serving;

import dev.fresco.benchmarks.engine.Words;
import dev.fresco.benchmarks.table.Latencies;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import java.util.List;

/** What each server made of the same edits; the last row is the one that the others are held to. */
final class ServingTable {
  private static final double TAIL = 0.95;

  private ServingTable() {}

  /**
   * A server's figures.
   *
   * @param latencies of edits that came at the rate of the run
   * @param perSecond edits when all came at once
   */
  record Row(String server, Latencies latencies, double perSecond) {}

  static List<String> lines(List<Row> rows) {
    TextTable table =
        new TextTable(
            Column.left("server"),
            Column.right("latency, mean"),
            Column.right("median"),
            Column.right("P95"),
            Column.right("mean, times better"),
            Column.right("all at once, per minute"),
            Column.right("times better"));
    Row last = rows.get(rows.size() - 1);
    for (Row row : rows) {
      Latencies latencies = row.latencies();
      table.add(
          row.server(),
          Words.number("%.2f s", latencies.mean()),
          Words.number("%.2f s", latencies.quantile(0.5)),
          Words.number("%.2f s", latencies.quantile(TAIL)),
          Words.number("%.2f", last.latencies().mean() / latencies.mean()),
          Words.number("%.2f", 60 * row.perSecond()),
          Words.number("%.2f", row.perSecond() / last.perSecond()));
    }
    return table.lines();
  }
}
