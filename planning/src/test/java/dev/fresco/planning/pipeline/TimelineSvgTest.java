package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class TimelineSvgTest {
  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document document, String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static List<String> texts(Document document, String name) {
    return elements(document, name).stream().map(Element::getTextContent).toList();
  }

  @Test
  void showsOperationsMessagesAxisAndLegend() throws Exception {
    PipelineShape shape = Pipelines.tens(2, 2, 20);
    Document document =
        parse(TimelineSvg.of(ScheduleSimulation.run(ZeroBubble.onePart(2, 2), shape)));
    assertThat(texts(document, "title"))
        .hasSize(12)
        .startsWith("F0 from 0 to 10", "F1 from 10 to 20", "B0 from 70 to 80")
        .contains("F0 from 30 to 40");
    assertThat(texts(document, "text"))
        .contains("stage 0", "stage 1", "+20 delegated", "0", "110")
        .contains("F: forward", "B: gradient of the input", "W: gradient of the weights")
        .contains("makespan 110, bubble 45.5 %")
        .doesNotContain("BW: both gradients", "held up by its own message");
    assertThat(elements(document, "line").stream().filter(line -> line.hasAttribute("marker-end")))
        .hasSize(4);
  }

  @Test
  void showsWhatIsHeldUp() throws Exception {
    PipelineShape shape = Pipelines.tens(2, 1, 20).withLinks(Link::blocking);
    Document document =
        parse(TimelineSvg.of(ScheduleSimulation.run(OneForwardOneBackward.schedule(2, 1), shape)));
    assertThat(texts(document, "text"))
        .contains("+20 blocking", "held up by its own message", "BW: both gradients");
  }

  @ParameterizedTest
  @CsvSource({"390, 50", "12, 1", "13, 2", ".25, .05", "1600, 200", "0, 1", "60, 5", "100, 10"})
  void ticksAreRoundNumbers(double makespan, double step) {
    assertThat(TimelineSvg.tickStep(makespan)).isEqualTo(step);
  }

  @Property(tries = 60)
  void everyBarIsInsideThePicture(@ForAll("pipelines") PipelineShape shape) throws Exception {
    Schedule schedule = ZeroBubble.vee(shape.stages().size(), shape.microbatches());
    Document document = parse(TimelineSvg.of(ScheduleSimulation.run(schedule, shape)));
    double height = Double.parseDouble(document.getDocumentElement().getAttribute("height"));
    assertThat(texts(document, "title")).hasSize(6 * shape.microbatches() * shape.stages().size());
    for (Element bar : elements(document, "rect")) {
      assertThat(number(bar, "x") + number(bar, "width")).isBetween(0.0, 1200.0);
      assertThat(number(bar, "y") + number(bar, "height")).isBetween(0.0, height);
      assertThat(number(bar, "width")).isGreaterThanOrEqualTo(0);
    }
  }

  private static double number(Element element, String attribute) {
    String value = element.getAttribute(attribute);
    return value.isEmpty() ? 0 : Double.parseDouble(value);
  }

  @Provide
  Arbitrary<PipelineShape> pipelines() {
    return Pipelines.upTo(5, 8);
  }
}
