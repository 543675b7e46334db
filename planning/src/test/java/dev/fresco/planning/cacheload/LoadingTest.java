package dev.fresco.planning.cacheload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadingTest {
  /** Layers as {@code cached/uncached/load}. */
  private static List<Layer> layers(String text) {
    List<Layer> layers = new ArrayList<>();
    for (String layer : text == null ? new String[0] : text.split(" ")) {
      String[] millis = layer.split("/");
      layers.add(
          new Layer(
              "layer " + layers.size(),
              Double.parseDouble(millis[0]),
              Double.parseDouble(millis[1]),
              Double.parseDouble(millis[2])));
    }
    return layers;
  }

  /** One letter a layer: L loads, - does not. */
  private static String word(LoadPlan plan) {
    StringBuilder word = new StringBuilder();
    plan.loads().forEach(load -> word.append(load ? 'L' : '-'));
    return word.toString();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      nullValues = "none",
      value = {
        "nothing to do,                none,                       '',   0,  '',   0",
        "loads for nothing,            1/5/0 1/5/0,                LL,   2,  LL,   2",
        "loads that never pay,         4/5/9 4/5/9,                --,  10,  --,  10",
        "a recording that slows,       6/5/0,                      -,    5,  -,    5",
        "loads hidden by the first,    9/9/0 1/5/4 1/5/4,          LLL, 11,  LLL, 11",
        "the example of the classes,   1/9/8 1/20/8,               LL,  17,  -L,  10",
        "the first load starves all,   1/6/5 1/6/5 1/6/5 1/6/5,    LLLL,21,  -L-L,14",
        "a load while others compute,  2/5/4 2/5/4,                -L,   7,  -L,   7",
      })
  void plans(
      String name, String text, String greedy, double greedyMillis, String exact, double millis) {
    List<Layer> layers = layers(text);
    assertThat(word(GreedyLoading.plan(layers))).isEqualTo(greedy);
    assertThat(GreedyLoading.plan(layers).makespanMillis()).isEqualTo(greedyMillis);
    assertThat(ExactLoading.plan(layers).makespanMillis()).isEqualTo(millis);
    assertThat(word(ExactLoading.plan(layers))).isEqualTo(exact);
  }

  @Test
  void countsWhatLoads() {
    LoadPlan plan = LoadPlan.of(layers("2/5/4 2/5/4"), i -> i == 1);
    assertThat(plan).isEqualTo(new LoadPlan(List.of(false, true), 7));
    assertThat(plan.loadedLayers()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesTimesThatAreNone(double millis) {
    assertThatThrownBy(() -> new Layer("down.1", 1, 1, millis))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loadMillis of down.1 is " + millis);
  }

  @Property(tries = 400)
  void exactIsWhatTryingAllFinds(@ForAll("upToTwelve") List<Layer> layers) {
    double least = Double.POSITIVE_INFINITY;
    for (int choice = 0; choice < 1 << layers.size(); choice++) {
      int bits = choice;
      least = Math.min(least, LoadPlan.of(layers, i -> (bits >> i & 1) == 1).makespanMillis());
    }
    assertThat(ExactLoading.plan(layers).makespanMillis()).isCloseTo(least, within(1e-9));
  }

  @Property(tries = 300)
  void exactIsNeverWorseThanGreedyAndLastsWhatItsChoiceLasts(@ForAll("many") List<Layer> layers) {
    LoadPlan exact = ExactLoading.plan(layers);
    assertThat(exact.makespanMillis())
        .isLessThanOrEqualTo(GreedyLoading.plan(layers).makespanMillis());
    assertThat(LoadPlan.of(layers, exact.loads()::get)).isEqualTo(exact);
  }

  /** Thinning keeps the state that is computed first, and never more states than allowed. */
  @Property(tries = 100)
  void aThinnedFrontKeepsItsLastState(@ForAll("upToTwelve") List<Layer> layers) {
    LoadFront whole = LoadFront.start();
    for (Layer layer : layers) {
      whole = whole.after(layer, Double.POSITIVE_INFINITY);
    }
    String last = whole.toString().replaceAll(".*[ \\[]", "");
    LoadFront thinned = whole.thinned(2);
    assertThat(thinned.size()).isBetween(1, 2);
    assertThat(thinned.toString()).endsWith(last);
  }

  @Provide
  Arbitrary<List<Layer>> upToTwelve() {
    return layer().list().ofMaxSize(12);
  }

  @Provide
  Arbitrary<List<Layer>> many() {
    return layer().list().ofMinSize(13).ofMaxSize(60);
  }

  /** Whole and broken times: whole ones make states that tie. */
  private static Arbitrary<Layer> layer() {
    Arbitrary<Double> millis =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 6).map(Integer::doubleValue),
            Arbitraries.doubles().between(0, 20));
    return Combinators.combine(millis, millis, millis)
        .as((cached, uncached, load) -> new Layer("layer", cached, uncached, load));
  }
}
