package dev.fresco.trainer.link;

import dev.fresco.contracts.Require;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A link's delay over time. Each point's delay holds until the next point; before the first point
 * there is none, the last holds for ever.
 *
 * <p>As a file: a text of lines such as {@code 12.5,30}, the seconds since the start of the replay,
 * a comma, the delay in milliseconds. Times rise from line to line. Empty lines and lines that
 * begin with {@code #} say nothing.
 *
 * @param points at least one, in the order of their times
 */
public record DelayTrace(List<Point> points) {
  /**
   * From when on there is a delay.
   *
   * @param seconds since the start of the replay, at least 0
   * @param delayMillis at least 0
   */
  public record Point(double seconds, double delayMillis) {
    public Point {
      requireTime("seconds", seconds);
      requireTime("delayMillis", delayMillis);
    }

    private static void requireTime(String field, double value) {
      if (!(value >= 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            field + " is " + value + "; the least is 0, and it must be finite");
      }
    }
  }

  public DelayTrace {
    points = List.copyOf(points);
    Require.atLeast("the number of points", points.size(), 1);
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).seconds() <= points.get(i - 1).seconds()) {
        throw new IllegalArgumentException(
            "point "
                + i
                + " is at "
                + points.get(i).seconds()
                + " s; it must be after the one before, at "
                + points.get(i - 1).seconds()
                + " s");
      }
    }
  }

  /** The same delay from the start on. */
  public static DelayTrace constant(double delayMillis) {
    return new DelayTrace(List.of(new Point(0, delayMillis)));
  }

  /**
   * Reads a trace.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is no trace; names the file and the line
   */
  public static DelayTrace read(Path file) throws IOException {
    List<Point> points = new ArrayList<>();
    int number = 0;
    try {
      for (String line : Files.readAllLines(file)) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          points.add(point(line));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ", line " + number + ": " + e.getMessage(), e);
    }
    try {
      return new DelayTrace(points);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static Point point(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != 2) {
      throw new IllegalArgumentException(
          "'" + line + "' has " + fields.length + " fields; seconds,milliseconds are needed");
    }
    return new Point(Double.parseDouble(fields[0].strip()), Double.parseDouble(fields[1].strip()));
  }

  /** The delay in milliseconds at so many seconds after the start; 0 before the first point. */
  public double delayMillisAt(double seconds) {
    int first = 0;
    int behind = points.size();
    while (first < behind) {
      int middle = (first + behind) >>> 1;
      if (points.get(middle).seconds() <= seconds) {
        first = middle + 1;
      } else {
        behind = middle;
      }
    }
    return first == 0 ? 0 : points.get(first - 1).delayMillis();
  }

  /** The mean over time from the first point to the last; of one point, its delay. */
  public double meanMillis() {
    double sum = 0;
    for (int i = 0; i + 1 < points.size(); i++) {
      sum += points.get(i).delayMillis() * (points.get(i + 1).seconds() - points.get(i).seconds());
    }
    double seconds = points.get(points.size() - 1).seconds() - points.get(0).seconds();
    return seconds == 0 ? points.get(0).delayMillis() : sum / seconds;
  }

  /** With each delay so many times as long. */
  public DelayTrace times(double factor) {
    return new DelayTrace(
        points.stream()
            .map(point -> new Point(point.seconds(), point.delayMillis() * factor))
            .toList());
  }
}
