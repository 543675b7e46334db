package dev.fresco.benchmarks.quality;

import dev.fresco.engine.Picture;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench quality}. */
@Command(
    name = "quality",
    description = "Compares edits that compute less with edits in full.",
    mixinStandardHelpOptions = true)
public final class QualityCommand implements Callable<Integer> {
  private static final int MOST_STEPS = 900;
  private static final byte DARK = (byte) 0;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      defaultValue = "${env:FRESCO_HOME:-.}/models/emoji",
      description = "Model; the demo's if left out.")
  private Path model;

  @Option(
      names = "--edits",
      defaultValue = "50",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int edits;

  @Option(
      names = "--size",
      defaultValue = "128",
      description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--steps",
      defaultValue = "20",
      description = "Of edits in full (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of what is edited, and where (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      defaultValue = "quality.png",
      description = "PNG with the first pictures (default: ${DEFAULT-VALUE}).")
  private Path sheet;

  @Option(
      names = "--rows",
      defaultValue = "10",
      description = "Edits on the sheet (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Override
  public Integer call() throws IOException {
    if (edits < 1 || steps < 1 || steps > MOST_STEPS || rows < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--edits is %d, --steps %d, --rows %d; from 1, from 1 to %d, from 0 on"
              .formatted(edits, steps, rows, MOST_STEPS));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (LocalModel loaded =
        LocalModel.load(model.normalize(), new ModelSettings("cpu", "auto", MOST_STEPS, size))) {
      int multiple = loaded.card().sizeMultiple();
      if (size < multiple || size % multiple != 0) {
        throw new ParameterException(
            spec.commandLine(), "--size is " + size + "; a multiple of " + multiple);
      }
      measure(loaded).lines().forEach(out::println);
      out.println();
      out.println("sheet      " + sheet);
      out.flush();
    }
    return 0;
  }

  private QualityTable measure(LocalModel loaded) throws IOException {
    PrintWriter progress = spec.commandLine().getErr();
    QualityTable table = new QualityTable();
    ContactSheet pictures = new ContactSheet(columns());
    Editor editor = new Editor(loaded, size, steps);
    List<EditCase> cases = EditCase.draw(edits, size, seed);
    for (int i = 0; i < cases.size(); i++) {
      EditCase edit = cases.get(i);
      Editor.Result result = editor.run(edit);
      table.add(edit.mask(), result);
      if (i < rows) {
        pictures.add(row(edit, result));
      }
      progress.printf("fresco: %d of %d edits%n", i + 1, cases.size());
      progress.flush();
    }
    pictures.write(sheet);
    return table;
  }

  private static List<String> columns() {
    List<String> columns = new ArrayList<>(List.of("template", "mask", "in full"));
    for (EditWay way : EditWay.values()) {
      columns.add(way.toString());
    }
    return columns;
  }

  private static List<Picture> row(EditCase edit, Editor.Result result) {
    Picture template = result.template();
    byte[] black = new byte[template.rgb().length];
    Arrays.fill(black, DARK);
    Picture dark = new Picture(template.width(), template.height(), black);
    List<Picture> row = new ArrayList<>();
    row.add(template);
    row.add(edit.mask().paste(dark, template));
    row.add(result.full());
    for (EditWay way : EditWay.values()) {
      row.add(result.made().get(way).picture());
    }
    return row;
  }
}
