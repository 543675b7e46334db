package dev.fresco.benchmarks.rates;

import dev.fresco.benchmarks.rates.Operation.Kind;
import dev.fresco.benchmarks.rates.Race.Finish;
import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.engine.kernel.ComputeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** The machine's rates in words. */
public record RatesTable(MachineRates rates) {
  private static final double GIGA = 1e9;

  /** A row for each kind of product, and one for all. */
  public List<String> byKind() {
    TextTable table = new TextTable(columns("product", "shapes", "in a step", "GFLOP"));
    for (Kind kind : Kind.values()) {
      row(table, kind.toString(), operation -> operation.kind() == kind);
    }
    row(table, "all", operation -> true);
    return table.lines();
  }

  private void row(TextTable table, String name, Predicate<Operation> which) {
    List<Operation> chosen = rates.counts().keySet().stream().filter(which).toList();
    double work =
        chosen.stream().mapToDouble(each -> each.operations() * rates.counts().get(each)).sum();
    int calls = chosen.stream().mapToInt(rates.counts()::get).sum();
    List<String> words =
        new ArrayList<>(
            List.of(
                name,
                Integer.toString(chosen.size()),
                Integer.toString(calls),
                number("%.1f", work / GIGA)));
    for (ComputeType format : rates.best().keySet()) {
      double milliseconds = rates.leastMilliseconds(format, which);
      words.add(number("%.1f ms", milliseconds));
      words.add(perSecond(work, milliseconds));
    }
    table.add(words.toArray(String[]::new));
  }

  /** A row for each shape, with the way that won. */
  public List<String> byShape() {
    List<Column> columns = new ArrayList<>(List.of(Column.left("product"), Column.left("shape")));
    columns.addAll(List.of(Column.right("in a step"), Column.right("GFLOP")));
    for (ComputeType format : rates.best().keySet()) {
      columns.add(Column.right(words(format) + " each"));
      columns.add(Column.right("GFLOP/s"));
      columns.add(Column.left("best way"));
    }
    TextTable table = new TextTable(columns.toArray(Column[]::new));
    rates.counts().forEach((operation, count) -> table.add(shape(operation, count)));
    return table.lines();
  }

  private String[] shape(Operation operation, int count) {
    List<String> words =
        new ArrayList<>(
            List.of(
                operation.kind().toString(),
                operation.toString(),
                Integer.toString(count),
                number("%.2f", operation.operations() / GIGA)));
    for (Map<Operation, Finish> best : rates.best().values()) {
      Finish finish = best.get(operation);
      double milliseconds = finish.nanoseconds() * 1e-6;
      words.add(number("%.2f ms", milliseconds));
      words.add(perSecond(operation.operations(), milliseconds));
      words.add(finish.name());
    }
    return words.toArray(String[]::new);
  }

  private Column[] columns(String name, String... numbers) {
    List<Column> columns = new ArrayList<>(List.of(Column.left(name)));
    for (String number : numbers) {
      columns.add(Column.right(number));
    }
    for (ComputeType format : rates.best().keySet()) {
      columns.add(Column.right("least, " + words(format)));
      columns.add(Column.right("GFLOP/s"));
    }
    return columns.toArray(Column[]::new);
  }

  private static String words(ComputeType format) {
    return format.name().toLowerCase(Locale.ROOT);
  }

  private static String perSecond(double operations, double milliseconds) {
    return milliseconds > 0 ? number("%.0f", operations / milliseconds / 1e6) : "-";
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
