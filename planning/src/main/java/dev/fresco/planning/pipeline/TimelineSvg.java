package dev.fresco.planning.pipeline;

import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A timeline as a bar chart: a row for each stage, a bar with its microbatch for each operation, a
 * thin arrow for each message on a slow link, from the end of its sender to its arrival. Later
 * chunks of a stage are darker. Where a sender is held up by its own message there is a grey bar.
 *
 * <p>The text is a whole SVG document of 1,200 pixels in width, without scripts, fonts or links.
 */
public final class TimelineSvg {
  private static final int LEFT = 110;
  private static final int TOP = 44;
  private static final int PLOT = 1070;
  private static final int BAR = 24;
  private static final int ROW = 46;

  /** Width of a digit. */
  private static final double DIGIT = 6.3;

  private final Timeline timeline;
  private final double scale;
  private final StringBuilder svg = new StringBuilder();

  private TimelineSvg(Timeline timeline) {
    this.timeline = timeline;
    double makespan = timeline.makespan();
    scale = makespan > 0 ? PLOT / makespan : 0;
  }

  /** The document. */
  public static String of(Timeline timeline) {
    TimelineSvg chart = new TimelineSvg(timeline);
    chart.open();
    chart.axis();
    List<Timeline.Message> messages = timeline.delayedMessages();
    for (int stage = 0; stage < timeline.stages().size(); stage++) {
      chart.stage(stage);
    }
    messages.forEach(chart::message);
    chart.legend(messages.stream().anyMatch(Timeline.Message::blocking));
    return chart.svg.append("</svg>\n").toString();
  }

  private void open() {
    int height = bottom() + 40;
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"%d\""
            + " viewBox=\"0 0 1200 %d\" font-family=\"sans-serif\" font-size=\"11\">",
        height, height);
    svg.append("<defs>\n");
    arrowHead("forward", colour(Kind.FORWARD, 1));
    arrowHead("gradient", colour(Kind.INPUT_GRADIENT, 1));
    svg.append("</defs>\n");
    add("<rect width=\"1200\" height=\"%d\" fill=\"#ffffff\"/>", height);
  }

  private void arrowHead(String name, String colour) {
    add(
        "<marker id=\"%s\" viewBox=\"0 0 6 6\" refX=\"6\" refY=\"3\" markerWidth=\"5\""
            + " markerHeight=\"5\" orient=\"auto\"><path d=\"M0 0 L6 3 L0 6 z\" fill=\"%s\"/>"
            + "</marker>",
        name, colour);
  }

  private void axis() {
    double makespan = timeline.makespan();
    double step = tickStep(makespan);
    for (int tick = 0; tick * step <= makespan; tick++) {
      double x = x(tick * step);
      add(
          "<line x1=\"%.2f\" y1=\"%d\" x2=\"%.2f\" y2=\"%d\" stroke=\"#e0e0e0\"/>",
          x, TOP - 6, x, bottom());
      add(
          "<text x=\"%.2f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555555\">%s</text>",
          x, bottom() + 14, number(tick * step));
    }
    add(
        "<text x=\"%d\" y=\"%d\" fill=\"#555555\">makespan %s, bubble %.1f %%</text>",
        LEFT, bottom() + 32, number(makespan), 100 * timeline.bubbleRatio());
  }

  /** The least of 1, 2 and 5 times a power of ten that makes at most 13 ticks. */
  static double tickStep(double makespan) {
    if (!(makespan > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(makespan / 12)));
    for (int factor : new int[] {1, 2, 5}) {
      if (makespan / (factor * power) <= 12) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private void stage(int stage) {
    int y = y(stage);
    add("<text x=\"8\" y=\"%d\" font-weight=\"bold\">stage %d</text>", y + 16, stage);
    if (stage < timeline.shape().links().size()) {
      Link link = timeline.shape().links().get(stage);
      if (link.delay() > 0) {
        add(
            "<text x=\"8\" y=\"%d\" fill=\"#b00020\">+%s%s</text>",
            y + BAR + 14, number(link.delay()), link.delegated() ? " delegated" : " blocking");
      }
    }
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#f6f6f6\"/>",
        LEFT, y, PLOT, BAR);
    timeline.stages().get(stage).forEach(run -> bar(y, run));
  }

  private void bar(int y, Timeline.Run run) {
    Operation operation = run.operation();
    double width = (run.end() - run.start()) * scale;
    add(
        "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\" stroke=\"#ffffff\""
            + " stroke-width=\".5\"><title>%s from %s to %s</title></rect>",
        x(run.start()),
        y,
        width,
        BAR,
        colour(operation.kind(), operation.chunk()),
        operation,
        number(run.start()),
        number(run.end()));
    String label = Integer.toString(operation.microbatch());
    if (width >= DIGIT * label.length()) {
      add(
          "<text x=\"%.2f\" y=\"%d\" text-anchor=\"middle\" fill=\"%s\">%s</text>",
          x(run.start()) + width / 2,
          y + 16,
          operation.chunk() == 0 ? "#000000" : "#ffffff",
          label);
    }
  }

  private void message(Timeline.Message message) {
    boolean down = message.to() > message.from();
    boolean forward = message.kind() == Kind.FORWARD;
    if (message.blocking()) {
      add(
          "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"4\" fill=\"#9e9e9e\"/>",
          x(message.sent()),
          y(message.from()) + BAR / 2 - 2,
          (Math.min(message.arrived(), timeline.makespan()) - message.sent()) * scale);
    }
    add(
        "<line x1=\"%.2f\" y1=\"%d\" x2=\"%.2f\" y2=\"%d\" stroke=\"%s\" stroke-width=\".8\""
            + " marker-end=\"url(#%s)\"/>",
        x(message.sent()),
        y(message.from()) + (down ? BAR : 0),
        x(message.arrived()),
        y(message.to()) + (down ? 0 : BAR),
        colour(forward ? Kind.FORWARD : Kind.INPUT_GRADIENT, 1),
        forward ? "forward" : "gradient");
  }

  private void legend(boolean blocking) {
    Set<Kind> kinds = new LinkedHashSet<>(List.of(Kind.FORWARD));
    for (List<Operation> stage : timeline.schedule().stages()) {
      stage.forEach(operation -> kinds.add(operation.kind()));
    }
    int x = LEFT;
    for (Kind kind : Kind.values()) {
      if (kinds.contains(kind)) {
        x = legendEntry(x, 12, colour(kind, 0), words(kind));
      }
    }
    if (blocking) {
      legendEntry(x, 4, "#9e9e9e", "held up by its own message");
    }
  }

  private int legendEntry(int x, int height, String colour, String words) {
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"%d\" fill=\"%s\"/>",
        x, 16 - height / 2, height, colour);
    add("<text x=\"%d\" y=\"20\">%s</text>", x + 17, words);
    return x + 40 + 6 * words.length();
  }

  private static String words(Kind kind) {
    return switch (kind) {
      case FORWARD -> "F: forward";
      case INPUT_GRADIENT -> "B: gradient of the input";
      case WEIGHT_GRADIENT -> "W: gradient of the weights";
      case BACKWARD -> "BW: both gradients";
    };
  }

  private static String colour(Kind kind, int chunk) {
    boolean first = chunk == 0;
    return switch (kind) {
      case FORWARD -> first ? "#8ab4f8" : "#2a5db0";
      case INPUT_GRADIENT -> first ? "#7fd1c4" : "#12796b";
      case WEIGHT_GRADIENT -> first ? "#b9dd8c" : "#4c7a1a";
      case BACKWARD -> first ? "#f2b680" : "#a65a12";
    };
  }

  private double x(double time) {
    return LEFT + time * scale;
  }

  private static int y(int stage) {
    return TOP + stage * ROW;
  }

  private int bottom() {
    return y(timeline.stages().size() - 1) + BAR + 10;
  }

  /** At most two digits behind the point, none that say nothing. */
  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
