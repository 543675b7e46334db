package dev.fresco.benchmarks.pipeline;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A figure for each iteration, as lines. */
final class LineChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 420;
  private static final int MOST_LABELS = 12;

  private LineChart() {}

  /**
   * Draws.
   *
   * @param file that is written, an SVG
   * @param lines by name, the figure of each iteration
   */
  static void draw(Path file, String figure, Map<String, List<Double>> lines) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("iteration")
            .yAxisTitle(figure)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    chart.getStyler().setChartTitleVisible(false);
    chart.getStyler().setXAxisMaxLabelCount(MOST_LABELS);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    lines.forEach(
        (name, figures) ->
            chart
                .addSeries(
                    name,
                    IntStream.range(0, figures.size()).asDoubleStream().toArray(),
                    figures.stream().mapToDouble(Double::doubleValue).toArray())
                .setMarker(SeriesMarkers.NONE));
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(chart, svg, VectorGraphicsFormat.SVG);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, rounded(svg.toString(StandardCharsets.UTF_8)));
  }

  /** Words are drawn as outlines: half of the file would be digits that nobody sees. */
  private static String rounded(String svg) {
    return svg.replaceAll("(\\d\\.\\d)\\d+", "$1").replaceAll("(\\d)\\.0(?=[ ,\"])", "$1");
  }
}
