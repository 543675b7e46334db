package dev.fresco.planning.straggler;

import static dev.fresco.planning.straggler.OperationKind.FORWARD;
import static dev.fresco.planning.straggler.OperationKind.SEND_ACTIVATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StragglerDetectorTest {
  private static final int MICROBATCHES = 8;

  /** Links whose iterations take a second, and their detector. */
  private static final class Run {
    final StragglerDetector detector;
    final List<Degradation> told = new ArrayList<>();
    final Random random = new Random(7);
    int iteration;

    Run(StragglerDetector detector) {
      this.detector = detector;
    }

    static Run known() {
      return new Run(StragglerDetector.of(MICROBATCHES));
    }

    /** Iterations in which link i takes so long, noise 5 %. */
    Run iterations(int count, int links, IntToDoubleFunction millis) {
      for (int last = iteration + count; iteration < last; iteration++) {
        for (int i = 0; i < MICROBATCHES; i++) {
          for (int link = 0; link < links; link++) {
            double noisy = millis.applyAsDouble(link) * (1 + .05 * random.nextGaussian());
            observe(sample(link, iteration, i, noisy));
          }
        }
      }
      return this;
    }

    Run iterations(int count, double... millis) {
      return iterations(count, millis.length, link -> millis[link]);
    }

    void observe(Sample sample) {
      told.addAll(detector.observe(sample));
    }

    List<String> slow() {
      return detector.degraded().stream().map(Degradation::place).toList();
    }
  }

  private static Sample sample(int link, int iteration, int microbatch, double millis) {
    return new Sample("link " + link, SEND_ACTIVATION, at(iteration, microbatch), millis);
  }

  /** Microbatches are 100 ms apart. */
  private static Instant at(int iteration, int microbatch) {
    return Instant.EPOCH.plusMillis(1000L * iteration + 100L * microbatch);
  }

  private static double seconds(Instant at) {
    return at.toEpochMilli() / 1e3;
  }

  @ParameterizedTest(name = "finding iterations: {0}")
  @ValueSource(booleans = {false, true})
  void tellsWhenALinkIsSlowAndWhenItHasHealed(boolean finding) {
    Run run = finding ? new Run(StragglerDetector.findingIterations()) : Run.known();
    run.iterations(60, 6, 5, 4).iterations(5, 6, 15, 4);
    assertThat(run.slow()).containsExactly("link 1");
    assertThat(run.detector.millis("link 1", SEND_ACTIVATION).orElse(0)).isCloseTo(15, within(1.));

    run.iterations(30, 6, 15, 4).iterations(5, 6, 5, 4);
    assertThat(run.slow()).isEmpty();
    assertThat(run.told).hasSize(2);
    Degradation began = run.told.get(0);
    Degradation ended = run.told.get(1);
    assertThat(seconds(began.begin())).isCloseTo(60, within(.5));
    assertThat(began.isOver()).isFalse();
    assertThat(began.delayMillis()).isCloseTo(10, within(1.));
    assertThat(began.healthyMillis()).isCloseTo(5, within(.3));
    assertThat(ended.begin()).isEqualTo(began.begin());
    assertThat(seconds(ended.end().orElseThrow())).isCloseTo(95, within(.5));
    assertThat(run.detector.millis("link 1", SEND_ACTIVATION).orElse(0)).isCloseTo(5, within(.5));
  }

  @Test
  void tellsANewSize() {
    Run run = Run.known().iterations(40, 6, 5, 4).iterations(20, 6, 15, 4);
    run.iterations(20, 6, 30, 4);
    assertThat(run.told).hasSize(2);
    assertThat(run.told.get(1).begin()).isEqualTo(run.told.get(0).begin());
    assertThat(run.told.get(1).delayMillis()).isCloseTo(25, within(2.));
    assertThat(run.detector.degraded()).containsExactly(run.told.get(1));
  }

  @ParameterizedTest(name = "{0} iterations, {1} times as slow")
  @CsvSource({
    "1, 1.3, false",
    "1, 10, false",
    "2, 1.3, false",
    "2, 3, false",
    "2, 10, false",
    "4, 1.3, true",
    "4, 10, true"
  })
  void burstsOfTwoIterationsPass(int iterations, double factor, boolean told) {
    Run run = Run.known().iterations(40, 6, 5, 4);
    run.iterations(iterations, 6, 5 * factor, 4).iterations(30, 6, 5, 4);
    assertThat(run.told.isEmpty()).isEqualTo(!told);
    assertThat(run.slow()).isEmpty();
  }

  @Test
  void severalMayBeSlowAtOnce() {
    Run run = Run.known().iterations(40, 6, 5, 4).iterations(5, 12, 5, 9);
    assertThat(run.slow()).containsExactly("link 0", "link 2");
    run.iterations(10, 6, 5, 9).iterations(1, 6, 5, 4);
    assertThat(run.slow()).containsExactly("link 2");
  }

  @Test
  void whatSlowsAllIsNoStraggler() {
    Run run = Run.known().iterations(40, 6, 5, 4).iterations(60, 9, 7.5, 6);
    assertThat(run.told).isEmpty();
    run.iterations(5, 9, 15, 6);
    assertThat(run.slow()).containsExactly("link 1");
    assertThat(run.told.get(0).healthyMillis()).isCloseTo(7.5, within(.5));
  }

  @Test
  void aSlowDriftOfAllIsNoStragglerAndDoesNotHideOne() {
    Run run = Run.known().iterations(40, 6, 5, 4);
    for (int i = 0; i < 100; i++) {
      double drift = 1 + .01 * i;
      run.iterations(4, 6 * drift, 5 * drift, (i < 50 ? 4 : 6) * drift);
      assertThat(run.slow()).isEqualTo(i < 50 ? List.of() : List.of("link 2"));
    }
    run.iterations(5, 12, 10, 8);
    assertThat(run.slow()).isEmpty();
    assertThat(run.told).last().matches(Degradation::isOver);
  }

  @Test
  void oneThatWasSlowFromTheStartIsKnownOnceItIsBetter() {
    Run run = Run.known().iterations(40, 6, 15, 4).iterations(20, 6, 5, 4);
    assertThat(run.told).isEmpty();
    run.iterations(5, 6, 15, 4);
    assertThat(run.slow()).containsExactly("link 1");
  }

  /** By half a percent an iteration: no change is ever seen. */
  @Test
  void aSlowRiseOfOneIsSeenInTheEnd() {
    Run run = Run.known().iterations(40, 6, 5, 4);
    for (int i = 0; i < 100; i++) {
      run.iterations(1, 6, 5 * (1 + .005 * i), 4);
    }
    assertThat(run.slow()).containsExactly("link 1");
    run.iterations(40, 6, 5, 4);
    assertThat(run.slow()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 16})
  void iterationsMayHaveAnyNumberOfSamples(int samples) {
    Run run = new Run(StragglerDetector.of(samples));
    for (int i = 0; i < 60 * samples; i++) {
      double millis = (i < 50 * samples ? 5 : 8) * (1 + .03 * run.random.nextGaussian());
      run.observe(sample(0, i, 0, 5 * (1 + .03 * run.random.nextGaussian())));
      run.observe(sample(1, i, 0, millis));
      boolean known = i >= 54 * samples;
      assertThat(run.told.size()).isBetween(known ? 1 : 0, i < 50 * samples ? 0 : 1);
    }
    assertThat(run.told).singleElement().matches(one -> one.place().equals("link 1"));
  }

  @Test
  void kindsAreNoPeersOfEachOther() {
    Run run = Run.known();
    for (int i = 0; i < 400; i++) {
      double stage = i < 350 ? 10 : 20;
      Instant at = Instant.ofEpochSecond(i);
      run.observe(new Sample("stage 0", FORWARD, at, stage + i % 2));
      run.observe(new Sample("link 0", SEND_ACTIVATION, at, 5 + i % 2));
    }
    assertThat(run.detector.degraded())
        .singleElement()
        .matches(one -> one.place().equals("stage 0") && one.kind() == FORWARD);
  }

  @Test
  void timesOfNothingAreHealthy() {
    Run run = Run.known().iterations(40, 0, 0, 0).iterations(5, 0, 3, 0);
    assertThat(run.slow()).containsExactly("link 1");
    assertThat(run.told.get(0).delayMillis()).isCloseTo(3, within(.2));
  }

  /** Whatever was delivered twice or a little later, the answers are those without it. */
  @Test
  void copiesChangeNothing() {
    Run once = Run.known();
    Run twice = Run.known();
    List<Sample> before = new ArrayList<>();
    Random random = new Random(11);
    for (int i = 0; i < 60 * MICROBATCHES; i++) {
      double millis = (i < 40 * MICROBATCHES ? 5 : 9) + random.nextDouble();
      Sample sample = sample(1, i / MICROBATCHES, i % MICROBATCHES, millis);
      before.add(sample);
      once.observe(sample);
      twice.observe(sample);
      twice.observe(sample);
      twice.observe(before.get(random.nextInt(before.size())));
    }
    assertThat(once.told).hasSize(1);
    assertThat(twice.told).isEqualTo(once.told);
  }

  @Test
  void forgetsAPlaceThatWasReplaced() {
    Run run = Run.known().iterations(40, 6, 5, 4).iterations(5, 6, 15, 4);
    run.detector.forget("link 1");
    assertThat(run.slow()).isEmpty();
    assertThat(run.detector.millis("link 1", SEND_ACTIVATION)).isEmpty();
    assertThat(run.detector.millis("link 0", SEND_ACTIVATION)).isPresent();
    run.iterations(40, 6, 15, 4);
    assertThat(run.slow()).isEmpty();
    run.iterations(5, 6, 30, 4);
    assertThat(run.slow()).containsExactly("link 1");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void refusesIterationsWithoutSamples(int samples) {
    assertThatThrownBy(() -> StragglerDetector.of(samples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("samplesPerIteration is " + samples + "; the least is 1");
  }
}
