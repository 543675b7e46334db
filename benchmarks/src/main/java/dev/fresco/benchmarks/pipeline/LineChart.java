package dev.fresco.benchmarks.pipeline;

import java.awt.Color;
import java.io.IOException;
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

  private LineChart() {}

  /**
   * Draws.
   *
   * @param file that ends in {@code .svg}
   * @param lines by name, the figure of each iteration
   */
  static void draw(Path file, String title, String figure, Map<String, List<Double>> lines)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("iteration")
            .yAxisTitle(figure)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    lines.forEach(
        (name, figures) ->
            chart
                .addSeries(
                    name,
                    IntStream.range(0, figures.size()).asDoubleStream().toArray(),
                    figures.stream().mapToDouble(Double::doubleValue).toArray())
                .setMarker(SeriesMarkers.NONE));
    Files.createDirectories(file.toAbsolutePath().getParent());
    VectorGraphicsEncoder.saveVectorGraphic(
        chart, file.toString().replaceFirst("\\.svg$", ""), VectorGraphicsFormat.SVG);
  }
}
